package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.guarantees.Content;
import dev.penstock.guarantees.Event;
import dev.penstock.provider.RawServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whatever a provider sends, each request ends once: a status that there is not, long headers, a reset, informational replies first. */
@Execution(ExecutionMode.CONCURRENT)
class OddRepliesIT {

    private static final int REQUESTS = 20;

    private static final Duration DEADLINE_OF_WHAT_NOBODY_ANSWERS = Duration.ofSeconds(5);

    private static final String BODY = """
            {"id":"c-1","object":"chat.completion","model":"m","choices":[{"index":0,\
            "message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""";

    @Test
    void shouldEndEveryRequestOnceWhateverAProviderReplies() throws IOException {
        try (Rig rig = Rig.start("odd-replies");
                RawServer status = RawServer.keeping("HTTP/1.1 999 Request denied\r\nContent-Length: 0\r\n\r\n");
                RawServer headers = RawServer.keeping(withLongHeaders(RawServer.ok(BODY)));
                RawServer reset = RawServer.start((out, socket) -> {
                    socket.setSoLinger(true, 0);
                    return false;
                });
                RawServer informs = RawServer.keeping(
                        "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" + RawServer.ok(BODY))) {
            // Given
            AppChild app = rig.launch(rig.spec("one")
                    .with("targets.status.base_url", status.baseUrl().toString())
                    .with("targets.headers.base_url", headers.baseUrl().toString())
                    .with("targets.reset.base_url", reset.baseUrl().toString())
                    .with("targets.informs.base_url", informs.baseUrl().toString())
                    .with("tiers.simple.chain", "status")
                    .with("tiers.medium.chain", "headers")
                    .with("tiers.complex.chain", "reset,informs"));
            app.awaitReady();

            // When
            List<Workload.Line> lines = new ArrayList<>();
            for (int number = 0; number < REQUESTS; number++) {
                lines.add(line("simple", number, DEADLINE_OF_WHAT_NOBODY_ANSWERS));
                lines.add(line("medium", number, Limits.WORK));
                lines.add(line("complex", number, Limits.WORK));
            }
            rig.sender().send(lines);
            rig.awaitAllEnds();

            // Then
            rig.awaitRest();
            Map<String, Long> answered = rig.terminals().values().stream()
                    .filter(Content.Result.class::isInstance)
                    .map(Content.Result.class::cast)
                    .collect(Collectors.groupingBy(Content.Result::tenant, Collectors.counting()));
            rig.awaitEnds(3 * REQUESTS);
            assertThat(rig.recorder().history().of(Event.Observed.class)).hasSize(3 * REQUESTS);
            assertThat(answered)
                    .containsOnly(Map.entry("medium", (long) REQUESTS), Map.entry("complex", (long) REQUESTS));
            assertThat(Judgement.errorLines(rig, new LogAudit())).isEmpty();
        }
    }

    private static String withLongHeaders(String reply) {
        String longHeaders = IntStream.range(0, 20)
                .mapToObj(number -> "X-Long-" + number + ": " + "x".repeat(1_000) + "\r\n")
                .collect(Collectors.joining());
        return reply.replaceFirst("\r\n", "\r\n" + longHeaders);
    }

    /** A tenant of its own for each tier. */
    private static Workload.Line line(String tier, int number, Duration deadline) {
        String id = tier + "-" + number;
        return new Workload.Line(
                tier, id, """
                {"custom_id":"%s","tenant":"%s","timeout_ms":%d,"body":{"model":"tier:%s","max_tokens":16,\
                "messages":[{"role":"user","content":"%s"}]}}""".formatted(id, tier, deadline.toMillis(), tier, Workload.prompt(tier, id)));
    }
}
