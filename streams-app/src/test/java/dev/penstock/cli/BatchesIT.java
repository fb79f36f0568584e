package dev.penstock.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BatchesIT {

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
    void shouldImportAFileAndTellAndExportWhatBecameOfIt() throws Exception {
        // Given
        rig.topics("whole.");
        Path file = file(request("a", ",\"metadata\":{\"mine\":1}"), request("b\u202e", ""), request("c", ""));

        // When
        CapturedRun imported = rig.run("whole.", "import", file.toString(), "--tenant", "acme");
        String id = imported.out().strip();
        CapturedRun before = rig.run("whole.", "batch", "status", id);
        for (ConsumerRecord<byte[], byte[]> request : rig.read("whole.requests", 3)) {
            assertThat(new String(request.key(), UTF_8)).isEqualTo("acme");
            ends.end(request);
        }
        CapturedRun after = rig.run("whole.", "batch", "status", "-o", "table", id);
        CapturedRun exported = rig.run("whole.", "export", "--batch", id, "--to", directory.toString());

        // Then
        assertThat(imported.exitCode()).as(imported.err()).isZero();
        JsonNode status = JSON.readTree(before.out());
        assertThat(status.path("status").stringValue()).isEqualTo("in_progress");
        assertThat(status.path("request_counts").path("total").intValue()).isEqualTo(3);
        assertThat(status.path("penstock").path("written").intValue()).isEqualTo(3);
        assertThat(after.out()).contains("status        completed\n", "completed     2\n", "failed        1\n");
        assertThat(exported.exitCode()).as(exported.err()).isZero();
        List<JsonNode> output = lines(directory.resolve(id + "_output.jsonl"));
        assertThat(output)
                .extracting(line -> line.path("custom_id").stringValue())
                .containsExactlyInAnyOrder("a", "b\u202e");
        assertThat(output.getFirst().propertyNames()).containsExactly("id", "custom_id", "response", "error");
        assertThat(output.getFirst().path("response").path("body").path("text").stringValue())
                .isEqualTo("hi");
        JsonNode error = lines(directory.resolve(id + "_error.jsonl")).getFirst();
        assertThat(error.path("custom_id").stringValue()).isEqualTo("c");
        assertThat(error.path("error").path("code").stringValue()).isEqualTo("provider.bad_request");
        assertThat(error.path("response").isNull()).isTrue();
    }

    @Test
    void shouldImportWhatComesOnStdin() throws Exception {
        // Given
        rig.topics("piped.");
        InputStream stdin = System.in;

        // When
        CapturedRun imported;
        try {
            System.setIn(Files.newInputStream(file(request("a", ""), request("b", ""))));
            imported = rig.run("piped.", "import", "-", "-o", "json");
            System.setIn(InputStream.nullInputStream());
            assertThat(rig.run("piped.", "import", "-").err())
                    .isEqualTo("stdin: no lines (expected: at least one request)\n");
        } finally {
            System.setIn(stdin);
        }

        // Then
        assertThat(imported.exitCode()).as(imported.err()).isZero();
        JsonNode batch = JSON.readTree(imported.out());
        assertThat(batch.path("id").asString()).startsWith("batch_").contains("_2_");
        assertThat(batch.path("status").asString()).isEqualTo("in_progress");
        assertThat(batch.at("/request_counts/total").asInt()).isEqualTo(2);
        assertThat(rig.read("piped.requests", 2)).hasSize(2);
    }

    @Test
    void shouldWaitForTheLastAnswerAndSayWhatIsMissing() throws Exception {
        // Given
        rig.topics("wait.");
        String id = rig.run(
                        "wait.",
                        "import",
                        file(request("a", ""), request("c", "")).toString())
                .out()
                .strip();
        List<ConsumerRecord<byte[], byte[]>> requests = rig.read("wait.requests", 2);
        ends.end(requests.get(0));

        // When
        CapturedRun early = rig.run("wait.", "export", "--batch", id, "--to", directory.toString());
        CapturedRun inVain =
                rig.run("wait.", "export", "--batch", id, "--to", directory.toString(), "--wait", "--timeout", "300ms");
        CompletableFuture<Void> last = CompletableFuture.runAsync(() -> {
            try {
                ends.end(requests.get(1));
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
        CapturedRun waited = rig.run("wait.", "export", "--batch", id, "--to", directory.toString(), "--wait");
        last.join();

        // Then
        assertThat(early.exitCode()).isEqualTo(1);
        assertThat(early.err()).endsWith("1 of 2 requests have not ended yet (--wait waits for them)\n");
        assertThat(inVain.exitCode()).isEqualTo(1);
        assertThat(inVain.err()).endsWith("1 of 2 requests have not ended yet within 300ms\n");
        assertThat(waited.exitCode()).as(waited.err()).isZero();
    }

    @Test
    void shouldCountAReplayedRequestThatWasAnsweredAsAnswered() throws Exception {
        // Given
        rig.topics("replayed.");
        String id = rig.run("replayed.", "import", file(request("c", "")).toString())
                .out()
                .strip();
        ConsumerRecord<byte[], byte[]> request =
                rig.read("replayed.requests", 1).getFirst();
        ends.end(request);
        ends.answer(request, "hi");

        // When
        CapturedRun exported = rig.run("replayed.", "export", "--batch", id, "--to", directory.toString());

        // Then
        assertThat(exported.exitCode()).isZero();
        assertThat(lines(directory.resolve(id + "_output.jsonl"))).hasSize(1);
        assertThat(directory.resolve(id + "_error.jsonl")).doesNotExist();
    }

    @Test
    void shouldWriteNothingOfAFileWithAMistakeAndNameItsLines() throws Exception {
        // Given
        rig.topics("wrong.");
        Path file = file(
                request("a", ""),
                "not json \u001b[31m",
                "",
                request("a", ""),
                request("d", ",\"tenant\":\"beta\""),
                "{\"custom_id\":\"e\"}");

        // When
        CapturedRun run = rig.run("wrong.", "import", file.toString(), "--tenant", "acme");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .hasSize(5)
                .anyMatch(line -> line.startsWith("line 2: intake.malformed_json: "))
                .anyMatch(line ->
                        line.equals("line 4: custom_id: a: used on line 1 already (expected: each once in a file)"))
                .anyMatch(line -> line.startsWith("line 5: tenant: "))
                .anyMatch(line -> line.startsWith("line 6: intake.missing_field: "))
                .last()
                .isEqualTo(file + ": 4 of 5 lines cannot be requests; nothing was written");
        assertThat(rig.read("wrong.requests")).isEmpty();
    }

    @Test
    void shouldSayInOneLineWhatIsWrong() throws Exception {
        // Given
        Path empty = Files.createFile(directory.resolve("empty.jsonl"));

        // When / Then
        assertThat(CapturedRun.of("batch", "status", "batch_7"))
                .isEqualTo(new CapturedRun(2, "", "batch: batch_7 (expected: an id that penstock import printed)\n"));
        assertThat(CapturedRun.of("export", "--batch", "\u001b[31m").err())
                .isEqualTo("batch: \\u001b[31m (expected: an id that penstock import printed)\n");
        assertThat(CapturedRun.of("export").exitCode()).isEqualTo(2);
        assertThat(rig.run("none.", "import", "nowhere.jsonl"))
                .isEqualTo(new CapturedRun(1, "", "nowhere.jsonl: cannot be read (expected: a file of JSON lines)\n"));
        assertThat(rig.run("none.", "import", empty.toString()).err())
                .isEqualTo(empty + ": no lines (expected: at least one request)\n");
        assertThat(rig.run("none.", "import", file(request("a", "")).toString()).err())
                .startsWith("none.requests: missing on ");
        assertThat(rig.run(
                                "none.",
                                "batch",
                                "status",
                                new BatchSigner(Instant.now(), 1).id().toString())
                        .exitCode())
                .isEqualTo(1);
    }

    private Path file(String... lines) throws Exception {
        return Files.write(Files.createTempFile(directory, "batch", ".jsonl"), List.of(lines));
    }

    private static String request(String customId, String more) {
        return new String(Letters.request(customId, more), UTF_8);
    }

    private static List<JsonNode> lines(Path file) throws Exception {
        return Files.readAllLines(file).stream().map(JSON::readTree).toList();
    }
}
