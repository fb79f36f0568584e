package dev.penstock.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.penstock.config.ConfigException;
import dev.penstock.config.PenstockConfig;
import dev.penstock.config.TargetConfig;
import dev.penstock.provider.Provider;
import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.ProviderReply;
import dev.penstock.provider.RawServer;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.TokenUsage;
import dev.penstock.work.Origin;
import dev.penstock.work.RequestId;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Spans of requests and calls, through the SDK and over HTTP to a receiver. */
class OpenTelemetryTracingTest {

    private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
    private static final String TRACE = "00-" + TRACE_ID + "-b7ad6b7169203331-01";
    private static final Instant THEN = Instant.parse("2026-11-01T12:00:00Z");
    private static final String CANARY = "canary-7f3a";
    private static final String BODY = "{\"model\":\"gpt-4o-mini\",\"max_tokens\":200,\"temperature\":0.5,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"" + CANARY + "\"}],\"user\":\"" + CANARY + "\"}";
    private static final String ANSWER = "{\"id\":\"" + CANARY + " text\",\"model\":\"" + CANARY
            + " text\",\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"" + CANARY
            + "\"}},{\"finish_reason\":\"" + CANARY + "\"}]}";

    private OtlpReceiver receiver;

    @BeforeEach
    void start() throws Exception {
        receiver = OtlpReceiver.start();
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    @Test
    void shouldTellOfARequestAndItsCallInTheTraceThatItCameWith() throws Exception {
        // Given
        Origin origin = origin(TRACE);
        List<ProviderCall> sent = new ArrayList<>();

        // When
        try (Tracing tracing = tracing(Map.of())) {
            call(tracing, tracing.callTrace().of(origin), BODY, sent, answered());
            tracing.ended(origin, "acme", THEN, Source.PROVIDER, null, THEN.plusMillis(700));
        }

        // Then
        SentSpan call = span("chat gpt-4o-mini");
        SentSpan request = span("process llm.requests");
        assertThat(request.traceId()).isEqualTo(TRACE_ID);
        assertThat(request.parentId()).isEqualTo("b7ad6b7169203331");
        assertThat(call.traceId()).isEqualTo(TRACE_ID);
        assertThat(call.parentId()).isEqualTo(request.spanId());
        assertThat(sent.getFirst().traceparent()).isEqualTo("00-" + TRACE_ID + "-" + call.spanId() + "-01");
        assertThat(request.attributes())
                .containsEntry("penstock.request_id", "llm.requests-3-17")
                .containsEntry("penstock.source", "provider")
                .containsEntry("messaging.kafka.offset", "17");
        assertThat(call.attributes())
                .containsEntry("gen_ai.operation.name", "chat")
                .containsEntry("gen_ai.provider.name", "openai")
                .containsEntry("gen_ai.request.model", "gpt-4o-mini")
                .containsEntry("gen_ai.request.max_tokens", "200")
                .containsEntry("gen_ai.request.temperature", "0.5")
                .containsEntry("gen_ai.response.id", "req-1")
                .containsEntry("gen_ai.response.finish_reasons", "stop,other")
                .containsEntry("gen_ai.usage.input_tokens", "12")
                .containsEntry("gen_ai.usage.output_tokens", "34")
                .containsEntry("http.response.status_code", "200")
                .containsKey("server.address");
        assertThat(call.error()).isFalse();
    }

    @Test
    void shouldMakeATraceForARequestThatCameWithoutOne() throws Exception {
        // Given
        Origin origin = origin(null);

        // When
        try (Tracing one = tracing(Map.of());
                Tracing other = tracing(Map.of())) {
            call(one, one.callTrace().of(origin), BODY, new ArrayList<>(), answered());
            other.ended(origin, "acme", THEN, Source.PROVIDER, null, THEN);
        }

        // Then
        SentSpan request = span("process llm.requests");
        assertThat(request.parentId()).isEmpty();
        assertThat(span("chat gpt-4o-mini").traceId()).isEqualTo(request.traceId());
        assertThat(span("chat gpt-4o-mini").parentId())
                .as("made by one instance, ended by another")
                .isEqualTo(request.spanId());
    }

    @Test
    void shouldTellWhyThereIsNoAnswer() throws Exception {
        // When
        try (Tracing tracing = tracing(Map.of())) {
            ProviderReply failed = new ProviderReply.Failed(
                    FailureClass.UNKNOWN, DeadLetterCode.PROVIDER_TIMEOUT, 504, true, null, CANARY, null);
            call(tracing, TRACE, BODY, new ArrayList<>(), failed);
            tracing.ended(origin(TRACE), "acme", THEN, null, DeadLetterCode.PROVIDER_TIMEOUT, THEN);
        }

        // Then
        assertThat(span("chat gpt-4o-mini").error()).isTrue();
        assertThat(span("chat gpt-4o-mini").attributes())
                .containsEntry("error.type", "timeout")
                .containsEntry("http.response.status_code", "504");
        assertThat(span("process llm.requests").error()).isTrue();
        assertThat(span("process llm.requests").attributes()).containsEntry("error.type", "provider.timeout");
    }

    @Test
    void shouldRecordNoTextOfUsersOrProviders() throws Exception {
        // Given
        String body = BODY.replace("gpt-4o-mini", CANARY + " is no name of a model");

        // When
        try (Tracing tracing = tracing(Map.of())) {
            call(tracing, TRACE, body, new ArrayList<>(), answered());
        }

        // Then
        assertThat(span("chat other").attributes()).containsEntry("gen_ai.request.model", "other");
        assertThat(receiver.raw()).doesNotContain(CANARY);
    }

    @Test
    void shouldSendNothingOfWhatIsNotSampled() throws Exception {
        // Given
        Origin own = origin(null);
        Origin unsampled = origin("00-" + TRACE_ID + "-b7ad6b7169203331-00");
        List<ProviderCall> sent = new ArrayList<>();

        // When
        try (Tracing tracing =
                tracing(Map.of("OTEL_TRACES_SAMPLER", "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG", "0"))) {
            for (Origin origin : List.of(own, unsampled)) {
                call(tracing, tracing.callTrace().of(origin), BODY, sent, answered());
                tracing.ended(origin, "acme", THEN, Source.PROVIDER, null, THEN);
            }
        }

        // Then
        assertThat(receiver.spans()).isEmpty();
        assertThat(sent)
                .hasSize(2)
                .allMatch(call -> String.valueOf(call.traceparent()).endsWith("-00"));
    }

    /** As many as the sender has threads of its own, and more. */
    @Test
    @Timeout(60)
    void shouldSendAgainAfterAnswersThatDripped() throws Exception {
        // Given
        AtomicInteger posts = new AtomicInteger();
        int dripping = Math.max(Runtime.getRuntime().availableProcessors(), 5) + 2;
        try (RawServer collector = RawServer.start(
                        (out, socket) -> posts.incrementAndGet() <= dripping ? drip(out) : wellAgain(out));
                Tracing tracing = hasty(collector.baseUrl())) {

            // When / Then
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                tracing.ended(origin(TRACE), "acme", THEN, Source.PROVIDER, null, THEN);
                return posts.get() > dripping;
            });
        }
    }

    @Test
    @Timeout(60)
    void shouldHoldNobodyUpWhereTheCollectorDrips() throws Exception {
        // Given
        try (RawServer collector = RawServer.start((out, socket) -> drip(out));
                Tracing tracing = hasty(collector.baseUrl())) {

            // When / Then
            for (int i = 0; i < 20_000; i++) {
                tracing.ended(origin(TRACE), "acme", THEN, Source.PROVIDER, null, THEN);
            }
        }
    }

    @Test
    @Timeout(60)
    void shouldHoldNobodyUpWhereAHandshakeHangs() throws Exception {
        // Given
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Tracing tracing = hasty(URI.create("https://127.0.0.1:" + silent.getLocalPort()))) {

            // When / Then
            for (int i = 0; i < 20_000; i++) {
                tracing.ended(origin(TRACE), "acme", THEN, Source.PROVIDER, null, THEN);
            }
        }
    }

    private Tracing hasty(URI collector) throws ConfigException {
        return tracing(Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", collector.toString(),
                "OTEL_EXPORTER_OTLP_TIMEOUT", "200",
                "OTEL_BSP_SCHEDULE_DELAY", "10",
                "OTEL_BSP_EXPORT_TIMEOUT", "20"));
    }

    private static boolean drip(OutputStream out) throws IOException {
        out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        while (true) {
            out.write('x');
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private static boolean wellAgain(OutputStream out) throws IOException {
        out.write(RawServer.ok("").getBytes(StandardCharsets.ISO_8859_1));
        return true;
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, false",
                "OTEL_EXPORTER_OTLP_ENDPOINT, http://127.0.0.1:4318, true",
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, http://127.0.0.1:4318/v1/traces, true",
                "OTEL_TRACES_EXPORTER, otlp, true",
                "OTEL_TRACES_EXPORTER, none, false",
                "OTEL_SERVICE_NAME, mine, false"
            })
    void shouldBeOffUnlessTheEnvironmentSaysOtherwise(@Nullable String name, @Nullable String value, boolean expected) {
        // Given
        Map<String, String> environment = name == null || value == null ? Map.of() : Map.of(name, value);

        // When / Then
        assertThat(new OtelEnvironment(environment).asksForTraces()).isEqualTo(expected);
    }

    @Test
    void shouldBeOffWhereTheSdkIsDisabled() throws Exception {
        // Given
        Map<String, String> environment = new HashMap<>(receiver.environment());
        environment.put("OTEL_SDK_DISABLED", "true");

        // When / Then
        assertThat(Tracing.of(environment, "1", "one")).isSameAs(Tracing.OFF);
        assertThat(Tracing.OFF.callTrace().of(origin(TRACE))).isEqualTo(TRACE);
    }

    @Test
    void shouldRefuseWhatMakesNoSense() {
        assertThatThrownBy(() -> tracing(Map.of("OTEL_TRACES_EXPORTER", "pigeon")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("OTEL_*")
                .hasMessageContaining("otel.traces.exporter")
                .hasMessageNotContaining("pigeon");
    }

    private Tracing tracing(Map<String, String> more) throws ConfigException {
        Map<String, String> environment = new HashMap<>(receiver.environment());
        environment.putAll(more);
        return Tracing.of(environment, "1", "one");
    }

    private static void call(
            Tracing tracing, @Nullable String traceparent, String body, List<ProviderCall> sent, ProviderReply reply)
            throws InterruptedException {
        TargetConfig target = PenstockConfig.of().targets().getFirst();
        try (Provider provider = tracing.around(target, new NotingProvider(sent, reply))) {
            ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(body);
            provider.call(new ProviderCall("key", "/v1/chat/completions", json, Duration.ofSeconds(1), traceparent));
        }
    }

    private static ProviderReply answered() {
        return new ProviderReply.Answered(
                200, "req-1", JsonMapper.shared().readTree(ANSWER), new TokenUsage(12, 34, 0, 0));
    }

    private static Origin origin(@Nullable String traceparent) {
        return new Origin(new RequestId("llm.requests", 3, 17), 1_000, 0, traceparent);
    }

    private SentSpan span(String name) {
        return receiver.spans().stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private record NotingProvider(List<ProviderCall> sent, ProviderReply reply) implements Provider {

        @Override
        public ProviderReply call(ProviderCall call) {
            sent.add(call);
            return reply;
        }

        @Override
        public void close() {}
    }
}
