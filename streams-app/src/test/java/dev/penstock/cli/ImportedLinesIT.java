package dev.penstock.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A batch is what was imported, whoever else names it. */
class ImportedLinesIT {

    private static final JsonMapper JSON = new JsonMapper();

    private static CommandsRig rig;
    private static BatchEnds ends;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws Exception {
        rig = CommandsRig.start();
        ends = new BatchEnds(rig);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void shouldNotTakeAnotherTenantsAnswersForItsOwn() throws Exception {
        // Given
        String id = imported("foreign.", "victim", request("req-1", ""), request("req-2", ""));
        rig.read("foreign.requests", 2);
        for (String customId : List.of("req-1", "req-99")) {
            rig.write("foreign.requests", "attacker", naming(id, customId), Map.of());
        }
        for (ConsumerRecord<byte[], byte[]> request : rig.read("foreign.requests", 4)) {
            if (new String(request.key(), UTF_8).equals("attacker")) {
                ends.answer(request, "ATTACKER CONTENT");
            }
        }

        // When
        CapturedRun status = rig.run("foreign.", "batch", "status", id);
        CapturedRun early = export("foreign.", id);
        for (ConsumerRecord<byte[], byte[]> request : rig.read("foreign.requests", 4)) {
            if (new String(request.key(), UTF_8).equals("victim")) {
                ends.answer(request, "ours");
            }
        }
        CapturedRun late = export("foreign.", id);

        // Then
        assertThat(counts(status)).containsExactly(2, 0, 0);
        assertThat(early.exitCode()).isEqualTo(1);
        assertThat(early.err())
                .contains("2 requests name this batch and are not of its import; left out: foreign.requests-")
                .endsWith("2 of 2 requests have not ended yet (--wait waits for them)\n");
        assertThat(late.exitCode()).as(late.err()).isZero();
        assertThat(output(id)).containsExactlyInAnyOrder("req-1: ours", "req-2: ours");
    }

    @Test
    void shouldNeverCountMoreThanItsLines() throws Exception {
        // Given
        String id = imported("more.", "victim", request("req-1", ""), request("req-2", ""));
        rig.write("more.requests", "attacker", naming(id, "req-99"), Map.of());
        for (ConsumerRecord<byte[], byte[]> request : rig.read("more.requests", 3)) {
            ends.answer(request, "hi");
        }

        // When
        CapturedRun status = rig.run("more.", "batch", "status", id);
        CapturedRun exported = export("more.", id);

        // Then
        assertThat(counts(status)).containsExactly(2, 2, 0);
        assertThat(exported.exitCode()).as(exported.err()).isZero();
        assertThat(output(id)).containsExactlyInAnyOrder("req-1: hi", "req-2: hi");
    }

    @Test
    void shouldNotTakeANewRequestWithCopiedMetadataForALine() throws Exception {
        // Given
        String id = imported("copied.", "acme", request("a", ""));
        ConsumerRecord<byte[], byte[]> line = rig.read("copied.requests", 1).getFirst();
        String metadata = JSON.readTree(line.value()).path("metadata").toString();
        byte[] template = new String(Letters.request("a", ",\"metadata\":" + metadata), UTF_8)
                .replace("hello", "something else")
                .getBytes(UTF_8);
        rig.write("copied.requests", "acme", template, Map.of());
        rig.write("copied.requests", "other", line.value(), Map.of());
        List<ConsumerRecord<byte[], byte[]>> copies = rig.read("copied.requests", 3).stream()
                .filter(request -> request.offset() != line.offset() || request.partition() != line.partition())
                .toList();
        ends.fail(copies.get(0));
        ends.answer(copies.get(1), "of a copy");

        // When
        CapturedRun early = export("copied.", id);
        ends.answer(line, "its own");
        CapturedRun late = export("copied.", id);

        // Then
        assertThat(early.exitCode()).isEqualTo(1);
        assertThat(early.err()).contains("1 of 1 requests have not ended yet");
        assertThat(late.exitCode()).as(late.err()).isZero();
        assertThat(late.err()).contains("2 requests name this batch");
        assertThat(output(id)).containsExactly("a: its own");
        assertThat(directory.resolve(id + "_error.jsonl")).doesNotExist();
    }

    @Test
    void shouldNotFailALineForARepetitionThatFailed() throws Exception {
        // Given
        String id = imported("repeated.", "acme", request("c", ""));
        ConsumerRecord<byte[], byte[]> line = rig.read("repeated.requests", 1).getFirst();
        rig.write("repeated.requests", "acme", line.value(), Map.of());
        ends.fail(rig.read("repeated.requests", 2).getLast());

        // When
        CapturedRun early = export("repeated.", id);
        ends.answer(line, "its own");
        CapturedRun late = export("repeated.", id);

        // Then
        assertThat(early.exitCode()).isEqualTo(1);
        assertThat(late.exitCode()).as(late.err()).isZero();
        assertThat(output(id)).containsExactly("c: its own");
    }

    @Test
    void shouldCountTheReplayOfALine() throws Exception {
        // Given
        String id = imported("redriven.", "acme", request("a", ""), request("c", ""));
        for (ConsumerRecord<byte[], byte[]> request : rig.read("redriven.requests", 2)) {
            ends.end(request);
        }
        CapturedRun replayed = rig.run("redriven.", "dead-letters", "replay", "--yes", "--force");
        ConsumerRecord<byte[], byte[]> replay = rig.read("redriven.requests", 3).getLast();

        // When
        CapturedRun before = rig.run("redriven.", "batch", "status", id);
        ends.answer(replay, "at last");
        CapturedRun after = rig.run("redriven.", "batch", "status", id);
        CapturedRun exported = export("redriven.", id);

        // Then
        assertThat(replayed.exitCode()).as(replayed.err()).isZero();
        assertThat(counts(before)).containsExactly(2, 1, 1);
        assertThat(counts(after)).containsExactly(2, 2, 0);
        assertThat(exported.exitCode()).as(exported.err()).isZero();
        assertThat(output(id)).containsExactlyInAnyOrder("a: hi", "c: at last");
    }

    @Test
    void shouldMissTheLinesOfAnInterruptedImportAndFindThemUnderTheNext() throws Exception {
        // Given
        String whole = imported("cut.", "acme", request("a", ""), request("b", ""));
        rig.topics("begun.");
        List<ConsumerRecord<byte[], byte[]>> written = rig.read("cut.requests", 2);
        rig.write("begun.requests", "acme", written.getFirst().value(), Map.of());
        ends.end(rig.read("begun.requests", 1).getFirst());

        // When
        CapturedRun interrupted = export("begun.", whole);
        String next = imported("begun.", "acme", request("a", ""), request("b", ""));
        for (ConsumerRecord<byte[], byte[]> request : rig.read("begun.requests", 3)) {
            if (request.offset() > 0) {
                ends.end(request);
            }
        }
        CapturedRun resumed = export("begun.", next);

        // Then
        assertThat(interrupted.exitCode()).isEqualTo(1);
        assertThat(interrupted.err())
                .endsWith("1 of 2 requests have not ended yet (--wait waits for them), 1 of them are not on the topic: "
                        + "not written, or no longer kept\n");
        assertThat(resumed.exitCode()).as(resumed.err()).isZero();
        assertThat(output(next)).containsExactlyInAnyOrder("a: hi", "b: hi");
    }

    @Test
    void shouldNameWhatWasSignedBeyondItsLines() throws Exception {
        // Given
        rig.topics("beyond.");
        BatchSigner signer = new BatchSigner(Instant.now(), 1);
        List<BatchSigner.Line> lines = Stream.of("a", "b")
                .map(customId -> new BatchSigner.Line(Letters.request(customId, ""), "acme"))
                .toList();
        for (byte[] line : signer.sign(lines)) {
            rig.write("beyond.requests", "acme", line, Map.of());
        }
        for (ConsumerRecord<byte[], byte[]> request : rig.read("beyond.requests", 2)) {
            ends.end(request);
        }

        // When
        CapturedRun exported = export("beyond.", signer.id().toString());

        // Then
        assertThat(exported.exitCode()).isEqualTo(1);
        assertThat(exported.err())
                .endsWith(
                        "1 requests more than the 1 lines of the batch are signed as its lines; left out: custom_id b\n");
        assertThat(output(signer.id().toString())).containsExactly("a: hi");
    }

    @Test
    void shouldWriteThroughNoLinkAndForItsOwnerAlone() throws Exception {
        // Given
        String id = imported("linked.", "acme", request("a", ""), request("c", ""));
        for (ConsumerRecord<byte[], byte[]> request : rig.read("linked.requests", 2)) {
            ends.end(request);
        }
        Path theirs = Files.writeString(directory.resolve("theirs"), "kept");
        Path part = Files.createSymbolicLink(directory.resolve(id + "_output.jsonl.part"), theirs);

        // When
        CapturedRun refused = export("linked.", id);
        Files.delete(part);
        Path errors = Files.createSymbolicLink(directory.resolve(id + "_error.jsonl"), theirs);
        CapturedRun refusedErrors = export("linked.", id);
        Files.delete(errors);
        CapturedRun exported = export("linked.", id);

        // Then
        assertThat(refused).isEqualTo(new CapturedRun(1, "", part + ": a link (expected: a file, or nothing)\n"));
        assertThat(refusedErrors.exitCode()).isEqualTo(1);
        assertThat(refusedErrors.err()).endsWith(errors + ": a link (expected: a file, or nothing)\n");
        assertThat(theirs).hasContent("kept");
        assertThat(exported.exitCode()).as(exported.err()).isZero();
        for (String name : List.of("_output.jsonl", "_error.jsonl")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(id + name))))
                    .isEqualTo("rw-------");
        }
    }

    private String imported(String prefix, String tenant, String... lines) throws Exception {
        rig.topics(prefix);
        Path file = Files.write(Files.createTempFile(directory, "batch", ".jsonl"), List.of(lines));
        CapturedRun run = rig.run(prefix, "import", file.toString(), "--tenant", tenant);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.out().strip();
    }

    private CapturedRun export(String prefix, String id) {
        return rig.run(prefix, "export", "--batch", id, "--to", directory.toString());
    }

    private List<String> output(String id) throws Exception {
        return Files.readAllLines(directory.resolve(id + "_output.jsonl")).stream()
                .map(JSON::readTree)
                .map(line -> line.path("custom_id").asString() + ": "
                        + line.at("/response/body/text").asString())
                .toList();
    }

    private static List<Integer> counts(CapturedRun status) {
        JsonNode counts = JSON.readTree(status.out()).path("request_counts");
        return List.of(
                counts.path("total").asInt(),
                counts.path("completed").asInt(),
                counts.path("failed").asInt());
    }

    private static byte[] naming(String id, String customId) {
        return Letters.request(customId, ",\"metadata\":{\"penstock_batch_id\":\"" + id + "\"}");
    }

    private static String request(String customId, String more) {
        return new String(Letters.request(customId, more), UTF_8);
    }
}
