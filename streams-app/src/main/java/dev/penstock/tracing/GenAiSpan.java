package dev.penstock.tracing;

import dev.penstock.config.TargetConfig;
import dev.penstock.provider.ProviderReply;
import dev.penstock.schemas.TokenUsage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What OpenTelemetry's conventions for generative AI ask a client's span to say. They are in development: the names stand here
 * and nowhere else. What is a text of the user's or the provider's is recorded only where it has the form of a name; prompts, answers
 * and error texts never are.
 */
final class GenAiSpan {

    private static final AttributeKey<List<String>> FINISH_REASONS =
            AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");
    private static final Set<String> KNOWN_REASONS =
            Set.of("stop", "length", "content_filter", "tool_calls", "function_call");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:/@-]{1,128}");
    private static final String OTHER = "other";
    private static final int MOST_REASONS = 16;

    private final TargetConfig target;

    GenAiSpan(TargetConfig target) {
        this.target = target;
    }

    SpanBuilder begin(Tracer tracer, JsonNode body) {
        String model = name(body.path("model").asString(""));
        SpanBuilder span = tracer.spanBuilder("chat " + model)
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute("gen_ai.operation.name", "chat")
                .setAttribute("gen_ai.provider.name", target.kind().name().toLowerCase(Locale.ROOT))
                .setAttribute("gen_ai.request.model", model)
                .setAttribute("server.address", String.valueOf(target.baseUrl().getHost()))
                .setAttribute("penstock.target", target.name());
        if (target.baseUrl().getPort() > 0) {
            span.setAttribute("server.port", target.baseUrl().getPort());
        }
        whole(span, "gen_ai.request.max_tokens", body.path("max_tokens"));
        whole(span, "gen_ai.request.max_tokens", body.path("max_completion_tokens"));
        whole(span, "gen_ai.request.seed", body.path("seed"));
        number(span, "gen_ai.request.temperature", body.path("temperature"));
        number(span, "gen_ai.request.top_p", body.path("top_p"));
        return span;
    }

    private static void whole(SpanBuilder span, String name, JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            span.setAttribute(name, value.longValue());
        }
    }

    private static void number(SpanBuilder span, String name, JsonNode value) {
        double found = value.isNumber() ? value.asDouble(Double.NaN) : Double.NaN;
        if (Double.isFinite(found)) {
            span.setAttribute(name, found);
        }
    }

    /** @param reply null if the attempt was cut short by the end of the process */
    static void end(Span span, @Nullable ProviderReply reply) {
        switch (reply) {
            case null -> failed(span, "aborted");
            case ProviderReply.Answered answered -> {
                span.setAttribute("http.response.status_code", answered.statusCode());
                String id = answered.providerRequestId();
                if (id != null && NAME.matcher(id).matches()) {
                    span.setAttribute("gen_ai.response.id", id);
                }
                span.setAttribute(FINISH_REASONS, reasons(answered.body().path("choices")));
                used(span, answered.usage());
            }
            case ProviderReply.Failed failed -> {
                if (failed.statusCode() != null) {
                    span.setAttribute("http.response.status_code", failed.statusCode());
                }
                used(span, failed.usage());
                failed(span, failed.code().reason());
            }
        }
    }

    private static void failed(Span span, String why) {
        span.setAttribute("error.type", why);
        span.setStatus(StatusCode.ERROR);
    }

    private static void used(Span span, @Nullable TokenUsage usage) {
        if (usage != null) {
            span.setAttribute("gen_ai.usage.input_tokens", usage.promptTokens());
            span.setAttribute("gen_ai.usage.output_tokens", usage.completionTokens());
        }
    }

    private static List<String> reasons(JsonNode choices) {
        List<String> reasons = new ArrayList<>();
        for (int i = 0; i < Math.min(choices.size(), MOST_REASONS); i++) {
            String reason = choices.get(i).path("finish_reason").asString("");
            reasons.add(KNOWN_REASONS.contains(reason) ? reason : OTHER);
        }
        return reasons;
    }

    private static String name(String text) {
        return NAME.matcher(text).matches() ? text : OTHER;
    }
}
