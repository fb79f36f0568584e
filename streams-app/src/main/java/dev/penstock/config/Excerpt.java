package dev.penstock.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A value or key inside an error message: on one line, bounded, visible when empty, and without what may be a secret. */
final class Excerpt {

    private static final int MAX_CHARS = 80;
    private static final int MAX_PARTS = 8;
    private static final String LEFT_OUT = "...";
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z]{1,10}://");
    /** Anything else between the slashes may be a user and a password whose host is missing. */
    private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.]*]|[A-Za-z0-9._-]*)(:[0-9]{0,5})?($|[/?# ])");
    /** As settings are named: without digits, which every generated secret has. */
    private static final Pattern WORD = Pattern.compile("[A-Za-z_-]{1,40}");

    private Excerpt() {}

    /** Of a URL neither user, query nor fragment are shown, whether it is well formed or not. */
    static String of(String text) {
        if (text.isEmpty()) {
            return "nothing";
        }
        StringBuilder shown = new StringBuilder();
        withoutSecrets(text).codePoints().limit(MAX_CHARS).forEach(c -> {
            if (Character.isISOControl(c)) {
                shown.append(String.format("\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return text.length() > MAX_CHARS ? shown + LEFT_OUT : shown.toString();
    }

    /** A key that may be a mistake: the parts that are no words are left out. */
    static String ofKey(String key) {
        StringBuilder shown = new StringBuilder();
        String[] parts = key.split("\\.", MAX_PARTS);
        for (int i = 0; i < parts.length; i++) {
            shown.append(i == 0 ? "" : ".").append(WORD.matcher(parts[i]).matches() ? parts[i] : LEFT_OUT);
        }
        return shown.toString();
    }

    private static String withoutSecrets(String text) {
        Matcher scheme = SCHEME.matcher(text);
        String head = scheme.lookingAt() ? scheme.group() : "";
        int user = text.lastIndexOf('@');
        int more = more(text, 0);
        if (user < 0) {
            if (!head.isEmpty() && !HOST.matcher(text.substring(head.length())).lookingAt()) {
                return head + LEFT_OUT;
            }
            return more < 0 ? text : text.substring(0, more + 1) + LEFT_OUT;
        }
        if (more >= 0 && more < user) {
            return head + LEFT_OUT;
        }
        int end = more(text, user);
        return head + LEFT_OUT + (end < 0 ? text.substring(user) : text.substring(user, end + 1) + LEFT_OUT);
    }

    /** Where query or fragment begin. */
    private static int more(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '?' || text.charAt(i) == '#') {
                return i;
            }
        }
        return -1;
    }
}
