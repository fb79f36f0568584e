package dev.penstock.schemas;

/** Steps over characters of UTF-8, strictly: no overlong forms, no surrogates, nothing past U+10FFFF. */
final class Utf8 {

    private Utf8() {}

    /** Where the character that starts here, outside ASCII, ends. */
    static int next(byte[] bytes, int at) throws Refusal {
        int first = bytes[at] & 0xFF;
        int second = at + 1 < bytes.length ? bytes[at + 1] & 0xFF : 0;
        int length = length(first);
        if (length == 0 || at + length > bytes.length || !isSecond(first, second)) {
            throw refused(at);
        }
        for (int i = at + 2; i < at + length; i++) {
            if ((bytes[i] & 0xC0) != 0x80) {
                throw refused(at);
            }
        }
        return at + length;
    }

    private static int length(int first) {
        if (first >= 0xC2 && first <= 0xDF) {
            return 2;
        }
        if (first >= 0xE0 && first <= 0xEF) {
            return 3;
        }
        return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
    }

    /** The second byte alone tells overlong forms, surrogates and what is past the end. */
    private static boolean isSecond(int first, int second) {
        int min = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int max = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        return second >= min && second <= max;
    }

    private static Refusal refused(int at) {
        return new Refusal(DeadLetterCode.INTAKE_INVALID_UTF8, "value: not UTF-8 at byte " + at);
    }
}
