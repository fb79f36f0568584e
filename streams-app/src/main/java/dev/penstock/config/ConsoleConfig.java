package dev.penstock.config;

import java.util.List;

/**
 * Where health and metrics are served.
 *
 * @param port 0 for any free one
 */
public record ConsoleConfig(String host, int port) {

    static final Setting<String> HOST = new Setting<>(
            "console.host",
            ValueType.text("a host name or an address", "[A-Za-z0-9.:_-]{1,253}"),
            "127.0.0.1",
            "Address that the console listens on.");
    static final Setting<Integer> PORT = new Setting<>(
            "console.port", ValueType.wholeNumber(0, 65_535), "8080", "Port of the console; 0 for any free one.");

    static final List<Setting<?>> SETTINGS = List.of(HOST, PORT);

    static ConsoleConfig from(Values values) {
        return new ConsoleConfig(values.get(HOST), values.get(PORT));
    }
}
