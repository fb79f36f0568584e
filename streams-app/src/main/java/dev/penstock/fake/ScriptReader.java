package dev.penstock.fake;

import dev.penstock.fake.FakeScript.FaultRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads scripts; every word that is not known is an error. */
final class ScriptReader {

    private static final YAMLMapper YAML = new YAMLMapper();

    private ScriptReader() {}

    static FakeScript read(String text) {
        if (text.isBlank()) {
            return FakeScript.PLAIN;
        }
        JsonNode root = tree(text);
        FakeScript script = FakeScript.PLAIN;
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            script = with(script, field.getKey(), field.getValue());
        }
        return script;
    }

    private static JsonNode tree(String text) {
        try {
            JsonNode root = YAML.readTree(text);
            if (!root.isObject()) {
                throw new ScriptException("script", "not a mapping", "fields and their values");
            }
            return root;
        } catch (JacksonException notYaml) {
            throw new ScriptException("script", "not YAML and not JSON", "YAML or JSON");
        }
    }

    private static FakeScript with(FakeScript script, String name, JsonNode value) {
        return switch (name) {
            case "latency" -> script.withLatency(latency(value));
            case "seed" -> script.withSeed(value.asLong(1));
            case "faults" -> script.withFaults(faults(value));
            case "quotas" -> script.withQuotas(quotas(value));
            case "require_key" -> script.withRequireKey(value.asBoolean(false));
            case "hold" -> script.withHold(hold(value));
            case "context_tokens" -> script.withContextTokens(contextTokens(value));
            default ->
                throw new ScriptException(
                        "script", name, "latency, seed, faults, quotas, require_key, context_tokens or hold");
        };
    }

    private static Latency latency(JsonNode value) {
        if (!value.isObject()) {
            return new Latency.Fixed(Durations.parse("latency", value.asString()));
        }
        TreeMap<Double, Duration> table = new TreeMap<>();
        value.properties().forEach(entry -> {
            String percentile = entry.getKey().startsWith("p") ? entry.getKey().substring(1) : entry.getKey();
            if (!percentile.matches("[0-9]{1,3}(\\.[0-9]{1,3})?")) {
                throw new ScriptException("latency", entry.getKey(), "a percentile such as p50 or 99.9");
            }
            table.put(
                    Double.valueOf(percentile),
                    Durations.parse("latency", entry.getValue().asString()));
        });
        return new Latency.Percentiles(table);
    }

    private static List<FaultRule> faults(JsonNode list) {
        List<FaultRule> rules = new ArrayList<>();
        for (JsonNode entry : list) {
            Map<String, String> fields = fields(entry);
            String rate = fields.remove("rate");
            String key = fields.remove("key");
            Fault fault = FaultForm.take(fields)
                    .orElseThrow(() -> new ScriptException("faults", entry.propertyNames(), "a fault in every entry"));
            requireNothingLeft("faults", fields);
            rules.add(new FaultRule(rate == null ? 1 : share(rate), fault, key == null ? null : Digests.sha256(key)));
        }
        return rules;
    }

    private static boolean hold(JsonNode value) {
        if (!value.isBoolean()) {
            throw new ScriptException("hold", value.asString(""), "true or false");
        }
        return value.asBoolean();
    }

    private static long contextTokens(JsonNode value) {
        if (!value.isIntegralNumber() || value.asLong(-1) < 0) {
            throw new ScriptException("context_tokens", value.asString(""), "a whole number, 0 for no limit");
        }
        return value.asLong();
    }

    private static List<Quota> quotas(JsonNode list) {
        List<Quota> quotas = new ArrayList<>();
        for (JsonNode entry : list) {
            Map<String, String> fields = fields(entry);
            String key = fields.remove("key");
            String calls = fields.remove("calls");
            String per = fields.remove("per");
            requireNothingLeft("quotas", fields);
            if (calls == null || !calls.matches("[0-9]{1,12}")) {
                throw new ScriptException("quotas.calls", calls == null ? "missing" : calls, "a whole number");
            }
            String hash = key == null || "*".equals(key) ? null : Digests.sha256(key);
            quotas.add(new Quota(hash, Long.parseLong(calls), per == null ? null : Durations.parse("per", per)));
        }
        return quotas;
    }

    private static Map<String, String> fields(JsonNode entry) {
        Map<String, String> fields = new LinkedHashMap<>();
        entry.properties()
                .forEach(field -> fields.put(field.getKey(), field.getValue().asString("")));
        return fields;
    }

    private static void requireNothingLeft(String name, Map<String, String> fields) {
        if (!fields.isEmpty()) {
            throw new ScriptException(name, fields.keySet(), "no other fields");
        }
    }

    private static double share(String text) {
        if (!text.matches("[01](\\.[0-9]{1,9})?|\\.[0-9]{1,9}")) {
            throw new ScriptException("rate", text, "0..1");
        }
        return Double.parseDouble(text);
    }
}
