package dev.penstock.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.RedriveMarker;
import dev.penstock.schemas.WireCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class TraceIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path EXAMPLES =
            Path.of("..", "schemas", "src", "main", "resources", "dev", "penstock", "schemas", "examples");

    private static CommandsRig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = CommandsRig.start();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void shouldTellARequestsLifeInTheOrderOfItsTimes() throws Exception {
        // Given
        rig.topics("life.");
        String id = rig.write(
                "life.requests", "acme", Letters.request("t\u001b[31m-1".replace("\u001b", "\\u001b"), ""), Map.of());
        rig.write("life.requests", "acme", Letters.request("other", ""), Map.of());
        example("life.outcomes", "outcome", "parked", id);
        example("life.outcomes", "outcome", "answered", id);
        example("life.usage", "usage", "billed", id);
        result("life.results", id, "t\u001b[31m-1");

        // When
        CapturedRun byName = rig.run("life.", "trace", "t\u001b[31m-1", "-o", "json");
        CapturedRun byId = rig.run("life.", "trace", id, "--tenant", "acme", "--since", "1h");

        // Then
        assertThat(byName.exitCode()).as(byName.err()).isZero();
        JsonNode trace = JSON.readTree(byName.out());
        assertThat(trace.path("request_id").stringValue()).isEqualTo(id);
        assertThat(trace.path("tenant").stringValue()).isEqualTo("acme");
        assertThat(events(trace))
                .contains("written", "admitted", "reserved", "dispatched", "attempt", "outcome", "billed", "answered");
        assertThat(events(trace)).as("billed when it was settled").containsSubsequence("outcome", "billed");
        assertThat(times(trace)).isSorted();
        assertThat(byName.out()).hasLineCount(1).doesNotContain("\u001b", "hello");
        assertThat(byId.exitCode()).isZero();
        assertThat(byId.out())
                .startsWith(id + "  custom_id t\\u001b[31m-1  tenant acme\n")
                .contains("written", "0.000125 USD", "dispatched", "answered", "queued ")
                .doesNotContain("\u001b", "hello");
    }

    @Test
    void shouldFollowARequestThroughItsReplay() throws Exception {
        // Given
        rig.topics("again.");
        String first = rig.write("again.requests", "acme", Letters.request("r", ""), Map.of());
        Map<String, String> headers = new HashMap<>(Letters.headers(DeadLetterCode.PROVIDER_TIMEOUT));
        place(headers, first);
        String letter = rig.write("again.dead-letters", "acme", Letters.request("r", ""), headers);
        String second = rig.write(
                "again.requests",
                "acme",
                Letters.request("r", ""),
                Map.of("llm.dlq.redrive.of", letter, "llm.dlq.redrive.count", "1"));
        RedriveMarker marker =
                new RedriveMarker(letter, Instant.now(), DeadLetterCode.PROVIDER_TIMEOUT, second, 1, Instant.now());
        rig.write("again.redrives", letter, new WireCodec().write(marker), Map.of());

        // When
        CapturedRun run = rig.run("again.", "trace", "r", "-o", "json");

        // Then
        List<JsonNode> traces = run.out().lines().map(JSON::readTree).toList();
        assertThat(traces)
                .extracting(trace -> trace.path("request_id").stringValue())
                .containsExactlyInAnyOrder(first, second);
        JsonNode failed = traces.stream()
                .filter(trace -> trace.path("request_id").stringValue().equals(first))
                .findFirst()
                .orElseThrow();
        assertThat(events(failed)).containsExactly("written", "dead letter", "replayed");
        assertThat(run.out()).contains("as " + second).contains("replay of " + letter);
    }

    @Test
    void shouldSayInOneLineThatNothingIsFoundOrAsked() {
        // Given
        rig.topics("nothing.");

        // When / Then
        assertThat(rig.run("nothing.", "trace", "a\u001b[31m"))
                .isEqualTo(
                        new CapturedRun(
                                1,
                                "",
                                "a\\u001b[31m: not found (expected: a custom_id, or topic-partition-offset of a request, on the topics still)\n"));
        assertThat(CapturedRun.of("trace", "x", "--since", "noon").exitCode()).isEqualTo(2);
        assertThat(CapturedRun.of("trace").exitCode()).isEqualTo(2);
        assertThat(CapturedRun.of("trace", "x", "--tenant", "a b").exitCode()).isEqualTo(2);
    }

    private static void example(String topic, String kind, String name, String id) throws Exception {
        rig.write(
                topic, "acme", read(kind, name).put("request_id", id).toString().getBytes(UTF_8), Map.of());
    }

    private static void result(String topic, String id, String customId) throws Exception {
        ObjectNode result = read("result", "provider").put("custom_id", customId);
        ((ObjectNode) result.path("penstock")).put("request_id", id).put("tenant", "acme");
        rig.write(topic, "acme", result.toString().getBytes(UTF_8), Map.of());
    }

    private static ObjectNode read(String kind, String name) throws Exception {
        return (ObjectNode) JSON.readTree(
                Files.readString(EXAMPLES.resolve(kind).resolve("good").resolve(name + ".json")));
    }

    private static void place(Map<String, String> headers, String id) {
        String[] parts = id.split("-");
        headers.put("llm.dlq.original.topic", parts[0]);
        headers.put("llm.dlq.original.partition", parts[1]);
        headers.put("llm.dlq.original.offset", parts[2]);
    }

    private static List<String> events(JsonNode trace) {
        List<String> events = new ArrayList<>();
        trace.path("events").forEach(event -> events.add(event.path("event").stringValue()));
        return events;
    }

    private static List<Instant> times(JsonNode trace) {
        List<Instant> times = new ArrayList<>();
        trace.path("events")
                .forEach(event -> times.add(Instant.parse(event.path("at").stringValue())));
        return times;
    }
}
