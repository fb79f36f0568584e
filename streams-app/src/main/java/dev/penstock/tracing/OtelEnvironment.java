package dev.penstock.tracing;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The {@code OTEL_*} variables of the environment. */
record OtelEnvironment(Map<String, String> variables) {

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
