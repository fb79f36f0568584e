package dev.penstock.config;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where health, metrics and the page are served, and who may change something there.
 *
 * @param port 0 for any free one
 * @param probesPort of the listener that has nothing but the probes; 0 for any free one
 * @param names host names, besides the host itself, under which the page is opened
 * @param token null for a page that only shows
 */
public record ConsoleConfig(
        String host,
        int port,
        int probesPort,
        List<String> names,
        @Nullable SecretRef token) {

    static final Setting<String> HOST = new Setting<>(
            "console.host",
            ValueType.text("a host name or an address", "[A-Za-z0-9.:_-]{1,253}"),
            "127.0.0.1",
            "Address that the console listens on.");
    static final Setting<Integer> PORT = new Setting<>(
            "console.port", ValueType.wholeNumber(0, 65_535), "8080", "Port of the console; 0 for any free one.");
    static final Setting<Integer> PROBES_PORT = new Setting<>(
            "console.probes_port",
            ValueType.wholeNumber(0, 65_535),
            "8081",
            "Port that has /livez and /readyz alone, with threads and connections of its own, so that they answer whatever the console is asked; another than console.port, or 0 for any free one.");
    static final Setting<String> NAMES = new Setting<>(
            "console.names",
            ValueType.text("host names, with commas", "([A-Za-z0-9_-][A-Za-z0-9._-]{0,252}(,|$)){0,32}"),
            "",
            "Host names under which the page is opened and /metrics is scraped, such as the name of a proxy. Addresses, localhost and console.host always work.");
    static final Setting<SecretRef> TOKEN = new Setting<>(
            "console.token",
            Values.SECRET_REFERENCE,
            "",
            "Who has it may replay dead letters and see prompts on the page: {env: NAME} or {file: PATH}, 16 characters or more. None: the page only shows.");

    static final List<Setting<?>> SETTINGS = List.of(HOST, PORT, PROBES_PORT, NAMES, TOKEN);

    public ConsoleConfig {
        names = List.copyOf(names);
    }

    static ConsoleConfig from(Values values) {
        SecretRef token = values.secret(TOKEN).orElse(null);
        values.checkSecret(TOKEN, token);
        List<String> names = Stream.of(values.get(NAMES).split(","))
                .filter(name -> !name.isEmpty())
                .toList();
        int port = values.get(PORT);
        int probesPort = values.get(PROBES_PORT);
        values.expect(
                PROBES_PORT,
                probesPort == 0 || probesPort != port,
                "another port than console.port, which is " + port + ", or 0 for any free one");
        return new ConsoleConfig(values.get(HOST), port, probesPort, names, token);
    }
}
