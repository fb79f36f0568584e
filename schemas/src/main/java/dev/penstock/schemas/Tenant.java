package dev.penstock.schemas;

/**
 * Whose request it is. The tenant is the unit of partitioning and of isolation: nothing is shared between two of them.
 *
 * @param name 1 to 128 characters of {@code A-Z a-z 0-9 . _ / -}
 */
public record Tenant(String name) {

    /** Whose request it is when neither the record's key nor its value says. */
    public static final Tenant DEFAULT = new Tenant("default");

    public static final int MAX_LENGTH = 128;

    public static final String RULE = "1..128 characters of A-Z a-z 0-9 . _ / -";

    public Tenant {
        if (!isValid(name)) {
            throw new IllegalArgumentException(
                    "tenant: a name of " + name.length() + " characters (expected: " + RULE + ")");
        }
    }

    /** Whether this text may name a tenant. */
    public static boolean isValid(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isAllowed(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAllowed(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '/'
                || c == '-';
    }

    @Override
    public String toString() {
        return name;
    }
}
