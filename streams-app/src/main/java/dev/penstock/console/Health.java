package dev.penstock.console;

import java.util.Map;

/**
 * One answer to "how are you".
 *
 * @param checks what was looked at and what was found, in the order to show
 */
public record Health(boolean ok, Map<String, String> checks) {}
