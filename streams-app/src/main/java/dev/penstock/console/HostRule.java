package dev.penstock.console;

import dev.penstock.config.ConsoleConfig;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Under which hosts the console answers, and for which pages. A site that points a name of its own at this address (DNS rebinding), or that sends
 * forms here, gets nothing. An address as the host cannot be such a name.
 */
final class HostRule {

    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]+]");
    private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");

    private final Set<String> names = new HashSet<>(Set.of("localhost"));

    HostRule(ConsoleConfig config) {
        names.add(lower(config.host()));
        config.names().forEach(name -> names.add(lower(name)));
    }

    /** @param host the Host header, with or without a port */
    boolean allowsHost(@Nullable String host) {
        if (host == null) {
            return false;
        }
        String name = lower(PORT.matcher(host).replaceFirst(""));
        return ADDRESS.matcher(name).matches() || names.contains(name);
    }

    /**
     * Whether the page that asks is ours, or no page of anybody's.
     *
     * @param origin the Origin header, which browsers send with what could change something
     * @param site the Sec-Fetch-Site header, which newer browsers always send
     */
    boolean allowsPage(String host, @Nullable String origin, @Nullable String site) {
        boolean own =
                origin == null || lower(origin).replaceFirst("^https?://", "").equals(lower(host));
        return own && (site == null || site.equals("same-origin") || site.equals("none"));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
