package dev.penstock.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.Seeds;
import dev.penstock.config.PenstockConfig;
import dev.penstock.provider.Provider;
import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.ProviderReply;
import dev.penstock.provider.RawServer;
import dev.penstock.provider.Targets;
import dev.penstock.provider.openai.OpenAiProvider;
import dev.penstock.provider.openai.OpenAiSettings;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.WireCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes a provider sends, the launch ends as one outcome that can be written and read. */
@Timeout(120)
class EveryReplyTest {

    private static final PenstockConfig CONFIG = PenstockConfig.of("retry.longest_wait=0s");
    private static final int PARTITION = 3;
    private static final int LEAST_STATUS = 100;
    private static final int GREATEST_STATUS = 999;

    private static final List<String> RETRY_AFTER = List.of(
            "",
            "0",
            "1",
            "-5",
            "abc",
            "1.5",
            "99999999999999999999",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "Thu, 01 Jan 1970");
    private static final List<String> USAGES = List.of(
            "null",
            "{}",
            "[]",
            "{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}",
            "{\"prompt_tokens\":-1,\"completion_tokens\":2}",
            "{\"prompt_tokens\":1e30,\"completion_tokens\":9223372036854775807}",
            "{\"prompt_tokens\":\"7\",\"completion_tokens\":0.5}",
            "{\"prompt_tokens\":5,\"completion_tokens\":1,\"prompt_tokens_details\":{\"cached_tokens\":9}}");
    private static final List<String> ERRORS = List.of(
            "",
            "null",
            "[]",
            "{}",
            "{\"error\":null}",
            "{\"error\":\"text\"}",
            "{\"error\":{\"message\":\"\\u0000\\ud800\",\"type\":7,\"code\":[]}}",
            "{\"error\":{\"message\":\"maximum context length\",\"code\":\"context_length_exceeded\"}}",
            "{\"error\":{\"code\":\"insufficient_quota\"}}",
            "<html>denied</html>",
            "{\"error\":");

    private final Permits permits = new Permits(1);
    private final List<Outcome> published = new CopyOnWriteArrayList<>();

    static LongStream seeds() {
        return Seeds.few();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldEndAsOneOutcomeThatCanBeReadWhateverTheProviderSends(long seed) throws Exception {
        Random random = new Random(seed);
        AtomicReference<String> next = new AtomicReference<>("");
        try (RawServer server = RawServer.start((out, socket) -> {
                    out.write(next.get().getBytes(StandardCharsets.ISO_8859_1));
                    return false;
                });
                OpenAiProvider provider =
                        new OpenAiProvider(OpenAiSettings.of(server.baseUrl(), null), InstantSource.system())) {
            for (int status = LEAST_STATUS + (int) seed % 30; status <= GREATEST_STATUS; status += 30) {
                // Given
                next.set(response(status, random));
                published.clear();
                Targets targets = RunnerFixtures.targets(CONFIG, target -> new Shared(provider), () -> Calls.NOW);
                VirtualThreadCallRunner runner = RunnerFixtures.runner(
                        CONFIG,
                        targets,
                        (partition, outcome, receipt) -> {
                            published.add(reread(outcome));
                            receipt.written();
                        },
                        permits,
                        () -> Calls.NOW);
                runner.assigned(PARTITION);
                assertThat(permits.tryAcquire(PARTITION)).isTrue();
                Launch launch = Calls.launch(1, 1, PARTITION, RunnerFixtures.lease(targets, "openai", Calls.NOW));

                // When
                runner.prepare(launch);
                runner.launch(launch);
                assertThat(runner.awaitIdle(Duration.ofSeconds(30))).isTrue();

                // Then
                assertThat(published).as(next.get()).hasSize(1);
                assertThat(published.getFirst().kind())
                        .as(next.get())
                        .isIn(Outcome.Kind.ANSWERED, Outcome.Kind.FAILED, Outcome.Kind.PARKED);
                assertThat(permits.inUse()).isZero();
            }
        }
    }

    private static Outcome reread(Outcome outcome) {
        WireCodec codec = new WireCodec();
        try {
            return codec.readOutcome(codec.write(outcome));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String response(int status, Random random) {
        String body = random.nextInt(3) == 0 ? completion(random) : any(ERRORS, random);
        StringBuilder response = new StringBuilder("HTTP/1.1 " + status + " Odd\r\n");
        if (random.nextInt(8) == 0) {
            response.insert(0, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
        }
        String wait = any(RETRY_AFTER, random);
        if (!wait.isEmpty()) {
            response.append("Retry-After: ").append(wait).append("\r\n");
        }
        if (random.nextInt(3) == 0) {
            for (int header = 0; header < 20; header++) {
                response.append("X-Odd-")
                        .append(header)
                        .append(": ")
                        .append("y".repeat(1024))
                        .append("\r\n");
            }
        }
        if (random.nextInt(3) == 0) {
            response.append("x-request-id: ")
                    .append(any(List.of("r-1", "z".repeat(500), "a\u00e9 b"), random))
                    .append("\r\n");
        }
        int length = body.length() + (random.nextInt(6) == 0 ? random.nextInt(10) : 0);
        return response.append("Content-Length: ")
                .append(length)
                .append("\r\n\r\n")
                .append(body)
                .toString();
    }

    private static String completion(Random random) {
        return "{\"id\":\"c\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":\""
                + (random.nextBoolean() ? "hi" : "\\ud800") + "\"}}],\"usage\":" + any(USAGES, random) + "}";
    }

    private static String any(List<String> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    /** Closed by the test, not by the targets. */
    private record Shared(Provider provider) implements Provider {

        @Override
        public ProviderReply call(ProviderCall call) throws InterruptedException {
            return provider.call(call);
        }

        @Override
        public void close() {}
    }
}
