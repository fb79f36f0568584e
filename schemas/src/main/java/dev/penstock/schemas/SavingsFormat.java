package dev.penstock.schemas;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What requests and tenants' policies say of the cache and of shortened prompts, on the wire. */
final class SavingsFormat {

    static final long MAX_TTL_MILLIS = Duration.ofDays(366).toMillis();
    static final long MAX_INPUT_TOKENS = 1_000_000_000L;

    private static final String NEVER = "never";

    private SavingsFormat() {}

    static @Nullable CacheDirective cache(Fields from) throws Refusal {
        JsonNode cache = from.find("cache");
        if (cache == null) {
            return null;
        }
        if (cache.isObject()) {
            long ttlMillis = from.object("cache").integer("ttl_ms", 1, MAX_TTL_MILLIS);
            return new CacheDirective.Ttl(Duration.ofMillis(ttlMillis));
        }
        return switch (cache.isString() ? cache.stringValue() : "") {
            case "default" -> new CacheDirective.Default();
            case "bypass" -> new CacheDirective.Bypass();
            case "refresh" -> new CacheDirective.Refresh();
            default -> throw from.refused("cache", cache, "default|bypass|refresh or {\"ttl_ms\": n}");
        };
    }

    static void writeCache(Output out, @Nullable CacheDirective cache) {
        switch (cache) {
            case null -> {}
            case CacheDirective.Default byDefault -> out.text("cache", "default");
            case CacheDirective.Bypass bypass -> out.text("cache", "bypass");
            case CacheDirective.Refresh refresh -> out.text("cache", "refresh");
            case CacheDirective.Ttl ttl ->
                out.object("cache", () -> out.integer("ttl_ms", ttl.duration().toMillis()));
        }
    }

    static @Nullable Trim trim(Fields from) throws Refusal {
        JsonNode trim = from.find("trim");
        if (trim == null) {
            return null;
        }
        if (trim.isObject()) {
            return new Trim(from.object("trim").integer("max_input_tokens", 1, MAX_INPUT_TOKENS));
        }
        if (trim.isString() && trim.stringValue().equals(NEVER)) {
            return Trim.NEVER;
        }
        throw from.refused("trim", trim, "never or {\"max_input_tokens\": n}");
    }

    static void writeTrim(Output out, @Nullable Trim trim) {
        if (trim == null) {
            return;
        }
        if (trim.isNever()) {
            out.text("trim", NEVER);
        } else {
            out.object("trim", () -> out.integer("max_input_tokens", trim.maxInputTokens()));
        }
    }
}
