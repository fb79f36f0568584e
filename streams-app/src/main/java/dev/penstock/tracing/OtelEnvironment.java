package dev.penstock.tracing;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The {@code OTEL_*} variables of the environment. */
record OtelEnvironment(Map<String, String> variables) {

    private static final int SHORTEST = 3;
    private static final Pattern SEPARATORS = Pattern.compile("[\\s,;=]+");

    private static final List<String> ENDPOINTS =
            List.of("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");

    /** What holds where the environment says nothing: OTLP over HTTP, and traces alone. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.traces.exporter", "otlp",
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none",
            "otel.exporter.otlp.protocol", "http/protobuf",
            "otel.service.name", "penstock");

    boolean asksForTraces() {
        if (value("OTEL_SDK_DISABLED").equalsIgnoreCase("true")) {
            return false;
        }
        String exporter = value("OTEL_TRACES_EXPORTER");
        return exporter.isEmpty()
                ? ENDPOINTS.stream().anyMatch(name -> !value(name).isEmpty())
                : !exporter.equals("none");
    }

    private String value(String name) {
        return variables.getOrDefault(name, "").strip();
    }

    /** A message of the SDK, which may quote a header or an address with a password in it. */
    String withoutValues(String message) {
        String shown = message;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            if (variable.getKey().startsWith("OTEL_")) {
                shown = without(shown, variable.getValue());
                for (String part : SEPARATORS.split(variable.getValue())) {
                    shown = without(shown, part);
                }
            }
        }
        return shown;
    }

    private static String without(String message, String value) {
        return value.strip().length() < SHORTEST ? message : message.replace(value.strip(), "...");
    }

    /** As the SDK's properties. */
    Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>(DEFAULTS);
        variables.forEach((name, value) -> {
            if (name.startsWith("OTEL_") && !value.isBlank()) {
                properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        return properties;
    }
}
