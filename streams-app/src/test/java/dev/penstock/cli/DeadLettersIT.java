package dev.penstock.cli;

import static dev.penstock.cli.CommandsRig.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.deadletters.DeadLetter;
import dev.penstock.deadletters.Replay;
import dev.penstock.deadletters.ReplayTakenOverException;
import dev.penstock.embedded.Ports;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.RedriveMarker;
import dev.penstock.schemas.TenantSignatures;
import dev.penstock.schemas.WireCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("long")
class DeadLettersIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final DeadLetterCode TIMEOUT = DeadLetterCode.PROVIDER_TIMEOUT;
    private static final DeadLetterCode FINAL = DeadLetterCode.PROVIDER_BAD_REQUEST;

    private static CommandsRig rig;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws Exception {
        rig = CommandsRig.start();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void shouldListWhatIsSelectedInBothForms() throws Exception {
        // Given
        rig.topics("list.");
        String first = letter("list.", "acme", TIMEOUT, "a\u001b[31m\u202e");
        letter("list.", "acme", FINAL, "b");
        letter("list.", "beta", DeadLetterCode.DISPATCH_DEADLINE, "c");

        // When
        CapturedRun all = rig.run("list.", "dead-letters", "list");
        CapturedRun table = rig.run("list.", "dead-letters", "list", "-o", "table", "--code", "provider.timeout");

        // Then
        assertThat(all.exitCode()).isZero();
        assertThat(all.err()).isEmpty();
        assertThat(all.out()
                        .lines()
                        .map(JSON::readTree)
                        .map(line -> line.path("custom_id").stringValue()))
                .containsExactlyInAnyOrder("a\u001b[31m\u202e", "b", "c");
        assertThat(all.out()).doesNotContain("\u001b", "\u202e", "hello");
        assertThat(table.exitCode()).isZero();
        assertThat(table.out())
                .hasLineCount(2)
                .startsWith("WRITTEN ")
                .contains(first + " ", "acme ", "provider.timeout ", "yes ", "a\\u001b[31m\\u202e")
                .doesNotContain("\u001b");
    }

    @Test
    void shouldKeepARowARowWhateverAnIdHolds() throws Exception {
        // Given
        rig.topics("huge.");
        letter("huge.", "acme", TIMEOUT, "\u001b[2J<b>" + "x".repeat(1_000_000));

        // When
        CapturedRun table = rig.run("huge.", "dead-letters", "list", "-o", "table");
        CapturedRun json = rig.run("huge.", "dead-letters", "list");

        // Then
        assertThat(table.exitCode()).as(table.err()).isZero();
        assertThat(table.out()).hasLineCount(2).doesNotContain("\u001b").hasSizeLessThan(600);
        assertThat(json.out()).hasLineCount(1).doesNotContain("\u001b").hasSizeLessThan(2_000);
    }

    @Test
    void shouldSelectByEverythingThatALetterSays() throws Exception {
        // Given
        rig.topics("select.");
        String timeout = letter("select.", "acme", TIMEOUT, "a");
        letter("select.", "acme", FINAL, "b");
        letter("select.", "beta", DeadLetterCode.DISPATCH_DEADLINE, "c");
        rig.write("select.dead-letters", "acme", Letters.request("foreign", ""), Map.of("x", "y"));

        // When / Then
        assertThat(listed("--stage", "provider")).containsExactlyInAnyOrder("a", "b");
        assertThat(listed("--code", "provider.timeout", "--code", "dispatch.deadline"))
                .containsExactlyInAnyOrder("a", "c");
        assertThat(listed("--tenant", "beta")).containsExactly("c");
        assertThat(listed("--retryable")).containsExactlyInAnyOrder("a", "c");
        assertThat(listed("--retryable=false")).containsExactly("b");
        assertThat(listed("--id", timeout)).containsExactly("a");
        assertThat(listed("--id", "llm.requests-1-17")).hasSize(3);
        assertThat(listed("--where", "attempts=2", "--where", "llm.dlq.code=provider.timeout"))
                .containsExactly("a");
        assertThat(listed("--where", "x=y")).containsExactly("foreign");
        assertThat(listed("--since", "10m")).hasSize(4);
        assertThat(listed("--since", "2099-01-01T00:00:00Z")).isEmpty();
        assertThat(listed("--until", "10m")).isEmpty();
        assertThat(listed("--until", "2099-01-01T00:00:00Z")).hasSize(4);
    }

    @Test
    void shouldShowAllOfOneInBothForms() throws Exception {
        // Given
        rig.topics("show.");
        Map<String, String> headers = new HashMap<>(Letters.headers(TIMEOUT));
        headers.put("note", "\u001b[31mred");
        String id = rig.write("show.dead-letters", "acme", Letters.request("a", ""), headers);
        letter("show.", "acme", FINAL, "b");

        // When
        CapturedRun json = rig.run("show.", "dead-letters", "show", "--id", id);
        CapturedRun table = rig.run("show.", "dead-letters", "show", "-o", "table", "--id", id);
        CapturedRun none = rig.run("show.", "dead-letters", "show", "--id", "show.dead-letters-9-9");

        // Then
        JsonNode shown = JSON.readTree(json.out());
        assertThat(shown.path("value").stringValue()).isEqualTo(text(Letters.request("a", "")));
        assertThat(shown.path("headers").path("note").stringValue()).isEqualTo("\u001b[31mred");
        assertThat(json.out()).hasLineCount(1).doesNotContain("\u001b");
        assertThat(table.out())
                .contains("llm.dlq.detail", "\\u001b[31mred", "\"content\":\"hello\"")
                .doesNotContain("\u001b");
        assertThat(none).isEqualTo(new CapturedRun(1, "", "show.dead-letters: no dead letter is selected\n"));
    }

    @Test
    void shouldExportRequestsThatCanBeSentAgain() throws Exception {
        // Given
        rig.topics("export.");
        letter("export.", "acme", TIMEOUT, "a");
        letter("export.", "acme", FINAL, "b");
        String cut = rig.write(
                "export.dead-letters", "acme", Letters.request("c", ""), Letters.cut(DeadLetterCode.INTAKE_TOO_LARGE));
        Path file = directory.resolve("requests.jsonl");

        // When
        CapturedRun good = rig.run("export.", "dead-letters", "export", "--requests", "--retryable", file.toString());
        CapturedRun again = rig.run("export.", "dead-letters", "export", "--requests", file.toString());
        CapturedRun whole = rig.run("export.", "dead-letters", "export", "-");
        CapturedRun withCut = rig.run("export.", "dead-letters", "export", "--requests", "-");

        // Then
        assertThat(good.exitCode()).isZero();
        assertThat(Files.readString(file)).isEqualTo(text(Letters.request("a", "")) + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(again)
                .isEqualTo(
                        new CapturedRun(1, "", file + ": cannot be made (expected: a file that does not exist yet)\n"));
        assertThat(whole.out()).hasLineCount(3).contains("\"truncated\":true");
        assertThat(withCut.exitCode()).isEqualTo(1);
        assertThat(withCut.err()).contains(cut + ": left out: truncated\n");
        assertThat(withCut.out()).hasLineCount(2);
    }

    @Test
    void shouldReplayOnceWhatIsRetryable() throws Exception {
        // Given
        rig.topics("replay.");
        String id = letter("replay.", "acme", TIMEOUT, "a");
        letter("replay.", "beta", DeadLetterCode.DISPATCH_DEADLINE, "b");
        letter("replay.", "acme", FINAL, "c");
        Instant before = Instant.now();

        // When
        CapturedRun asked = rig.run("replay.", "dead-letters", "replay");
        CapturedRun dry = rig.run("replay.", "dead-letters", "replay", "--dry-run", "-o", "table");
        CapturedRun run = rig.run("replay.", "dead-letters", "replay", "--yes", "--timeout", "5m");
        CapturedRun again = rig.run("replay.", "dead-letters", "replay", "--yes");

        // Then
        assertThat(asked.exitCode()).isEqualTo(2);
        assertThat(asked.err())
                .endsWith("Replay 2 dead letters? Nobody to ask here (expected: a terminal, or --yes)\n");
        assertThat(dry.exitCode()).isZero();
        assertThat(dry.out()).contains("dispatch.deadline", "total").hasLineCount(4);
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .isEqualTo("{\"replayed\":2,\"by_code\":{\"dispatch.deadline\":1,\"provider.timeout\":1},"
                        + "\"refused\":{\"not_retryable\":1}}\n");
        assertThat(run.err()).contains("2 dead letters to replay: 1 dispatch.deadline, 1 provider.timeout\n");
        assertThat(again.out()).contains("{\"replayed\":0").contains("\"already_replayed\":2");
        List<ConsumerRecord<byte[], byte[]>> requests = rig.read("replay.requests", 2);
        assertThat(requests).hasSize(2);
        ConsumerRecord<byte[], byte[]> request = requests.stream()
                .filter(each -> header(each, "llm.dlq.redrive.of").equals(id))
                .findFirst()
                .orElseThrow();
        assertThat(text(request.key())).isEqualTo("acme");
        assertThat(request.value()).isEqualTo(Letters.request("a", ""));
        assertThat(header(request, "llm.dlq.redrive.count")).isEqualTo("1");
        assertThat(header(request, "llm.dlq.redrive.forced")).isEmpty();
        assertThat(Instant.ofEpochMilli(Long.parseLong(header(request, "llm.dlq.redrive.deadline"))))
                .isBetween(before.plusSeconds(299), before.plusSeconds(400));
        RedriveMarker marker = new WireCodec()
                .readRedriveMarker(rig.read("replay.redrives", 2).stream()
                        .filter(each -> text(each.key()).equals(id))
                        .findFirst()
                        .orElseThrow()
                        .value());
        assertThat(marker.requestId()).isEqualTo("replay.requests-" + request.partition() + "-" + request.offset());
        assertThat(marker.redriveCount()).isEqualTo(1);
    }

    @Test
    void shouldSignWhatMustBeSigned() throws Exception {
        // Given
        rig.topics("signed.");
        letter("signed.", "acme/search", TIMEOUT, "replayed");
        letter("signed.", "acme/search", DeadLetterCode.INTAKE_UNSIGNED_TENANT, "unsigned");
        Path lines =
                Files.writeString(directory.resolve("lines"), "{\"custom_id\":\"sent\",\"tenant\":\"acme/search\"}\n");
        String secret = "0123456789abcdef0123456789abcdef";
        Path key = Files.writeString(directory.resolve("key"), secret + "\n");

        // When
        CapturedRun keylessReplay = signing("signed.", directory.resolve("none"), "dead-letters", "replay", "--yes");
        CapturedRun keylessSend = signing("signed.", directory.resolve("none"), "send", lines.toString());
        CapturedRun replay = signing("signed.", key, "dead-letters", "replay", "--yes", "--force");
        CapturedRun send = signing("signed.", key, "send", lines.toString());

        // Then
        assertThat(keylessReplay.exitCode()).isEqualTo(1);
        assertThat(keylessReplay.err()).contains("not replayed: the tenant's requests must be signed");
        assertThat(keylessSend)
                .isEqualTo(new CapturedRun(
                        1,
                        "",
                        "tenant acme/search: its requests must be signed (expected: intake.signature_key at hand)\n"));
        assertThat(replay.err()).contains("not replayed: the record key that it came with was not kept");
        assertThat(send.exitCode()).as(send.err()).isZero();
        List<ConsumerRecord<byte[], byte[]>> requests = rig.read("signed.requests", 2);
        TenantSignatures gateway = new TenantSignatures(List.of("acme/"), secret);
        assertThat(requests)
                .hasSize(2)
                .allSatisfy(request -> assertThat(gateway.admit(
                                "acme/search",
                                asked(request),
                                request.value(),
                                header(request, "llm.tenant.signature")))
                        .isTrue());
        assertThat(replay.err() + send.err() + keylessSend.err()).doesNotContain(secret);
    }

    /** What is signed of a replay that was forced: its headers. */
    private static String asked(ConsumerRecord<byte[], byte[]> request) {
        String count = header(request, "llm.dlq.redrive.count");
        return count.isEmpty() ? "" : count + " " + header(request, "llm.dlq.redrive.deadline") + " true";
    }

    private static CapturedRun signing(String prefix, Path key, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(
                List.of("--set", "intake.signed_tenants=acme/", "--set", "intake.signature_key={file: " + key + "}"));
        return rig.run(prefix, all.toArray(String[]::new));
    }

    @Test
    void shouldRefuseWhatMustNotBeReplayedUnlessForced() throws Exception {
        // Given
        rig.topics("refuse.");
        String cut = rig.write("refuse.dead-letters", "acme", Letters.request("cut", ""), Letters.cut(TIMEOUT));
        String often =
                rig.write("refuse.dead-letters", "acme", Letters.request("often", ""), Letters.redriven(TIMEOUT, 3));
        letter("refuse.", "acme", FINAL, "final");
        String keyless = letter("refuse.", "default", DeadLetterCode.INTAKE_INVALID_TENANT, "keyless");
        String empty = rig.write("refuse.dead-letters", "acme", null, Letters.headers(DeadLetterCode.INTAKE_EMPTY));

        // When
        CapturedRun plain = rig.run("refuse.", "dead-letters", "replay", "--yes");
        CapturedRun forced = rig.run("refuse.", "dead-letters", "replay", "--yes", "--force", "-o", "table");

        // Then
        assertThat(plain.exitCode()).isEqualTo(1);
        assertThat(plain.err())
                .contains(cut + ": not replayed: truncated: only its first bytes were kept")
                .contains(often + ": not replayed: replayed 3 times")
                .contains("3 not replayed: final")
                .doesNotContain(keyless, empty);
        assertThat(forced.exitCode()).isEqualTo(1);
        assertThat(forced.err())
                .contains(keyless + ": not replayed: the record key")
                .contains(empty + ": not replayed: without a value");
        assertThat(forced.out())
                .contains("provider.bad_request", "provider.timeout")
                .endsWith("total                          2\n");
        List<ConsumerRecord<byte[], byte[]>> requests = rig.read("refuse.requests", 2);
        assertThat(requests)
                .hasSize(2)
                .allMatch(each -> header(each, "llm.dlq.redrive.forced").equals("true"));
        assertThat(requests)
                .extracting(each -> header(each, "llm.dlq.redrive.count"))
                .containsExactlyInAnyOrder("4", "1");
    }

    @Test
    void shouldEndAReplayThatAnotherOneTookOver() throws Exception {
        // Given
        rig.topics("fenced.");
        letter("fenced.", "acme", TIMEOUT, "a");
        DeadLetter letter = DeadLetter.of(rig.read("fenced.dead-letters", 1).getFirst());
        Replay.Settings settings = new Replay.Settings(
                "fenced.requests", "fenced.redrives", Duration.ofMinutes(1), false, TenantSignatures.NONE);
        try (var producer = rig.clients().transactionalProducer(Replay.transactionalId("fenced."))) {
            Replay first = new Replay(producer, settings);

            // When
            CapturedRun second = rig.run("fenced.", "dead-letters", "replay", "--yes");

            // Then
            assertThat(second.exitCode()).isZero();
            assertThatThrownBy(() -> first.replay(List.of(new Replay.Item(letter, 1)), Instant.now()))
                    .isInstanceOf(ReplayTakenOverException.class);
        }
        assertThat(rig.read("fenced.requests", 1)).hasSize(1);
    }

    @Test
    void shouldKeepToARate() throws Exception {
        // Given
        rig.topics("rate.");
        for (int i = 0; i < 6; i++) {
            letter("rate.", "acme", TIMEOUT, "r" + i);
        }
        long start = System.nanoTime();

        // When
        CapturedRun run = rig.run("rate.", "dead-letters", "replay", "--yes", "--rate", "4");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(System.nanoTime() - start).isGreaterThan(1_400_000_000L);
        assertThat(rig.read("rate.requests", 6)).hasSize(6);
    }

    @Test
    void shouldSayInOneLineWhatIsWrong() {
        // Given
        String nowhere = "127.0.0.1:" + Ports.free();

        // When / Then
        assertThat(CapturedRun.of("dead-letters", "list", "--bogus", "x"))
                .isEqualTo(
                        new CapturedRun(
                                2,
                                "",
                                "penstock dead-letters list: Unknown options: '--bogus', 'x' (see penstock dead-letters list --help)\n"));
        assertThat(CapturedRun.of("dead-letters", "list", "--code", "provider.bored"))
                .isEqualTo(new CapturedRun(
                        2, "", "--code: provider.bored (expected: one of docs/dead-letter-codes.md)\n"));
        assertThat(CapturedRun.of("dead-letters", "show", "--stage", "kitchen").err())
                .startsWith("--stage: kitchen (expected: intake|");
        assertThat(CapturedRun.of("dead-letters", "replay", "--since", "yesterday"))
                .isEqualTo(
                        new CapturedRun(
                                2,
                                "",
                                "--since: yesterday (expected: a duration such as 10m, or a time such as 2026-01-31T12:00:00Z)\n"));
        assertThat(CapturedRun.of("dead-letters", "export", "-", "--until", "\u001b[31m")
                        .err())
                .startsWith("--until: \\u001b[31m (expected: ")
                .hasLineCount(1);
        assertThat(CapturedRun.of("dead-letters", "show", "--id", "dead-letters 7"))
                .isEqualTo(new CapturedRun(
                        2,
                        "",
                        "--id: dead-letters 7 (expected: topic-partition-offset, such as llm.dead-letters-3-17)\n"));
        assertThat(CapturedRun.of(
                        "dead-letters", "replay", "--since", "2026-01-02T00:00:00Z", "--until", "2026-01-01T00:00:00Z"))
                .isEqualTo(new CapturedRun(
                        2,
                        "",
                        "--until: 2026-01-01T00:00:00Z (expected: a time after --since, 2026-01-02T00:00:00Z)\n"));
        assertThat(CapturedRun.of("dead-letters", "replay", "--rate", "0"))
                .isEqualTo(new CapturedRun(2, "", "--rate: 0 (expected: 1..1000000)\n"));
        assertThat(CapturedRun.of("dead-letters", "list", "--tenant", "a b").exitCode())
                .isEqualTo(2);
        assertThat(CapturedRun.of("dead-letters", "list", "--where", "novalue").exitCode())
                .isEqualTo(2);
        assertThat(CapturedRun.of("dead-letters").exitCode()).isEqualTo(2);
        assertThat(CapturedRun.of("dead-letters", "list", "--kafka-timeout", "soon"))
                .isEqualTo(new CapturedRun(2, "", "--kafka-timeout: soon (expected: a duration, 100ms..10m)\n"));
        assertThat(CapturedRun.of("dead-letters", "list", "--bootstrap-servers", nowhere, "--kafka-timeout", "500ms"))
                .isEqualTo(new CapturedRun(
                        1,
                        "",
                        "kafka: no answer from " + nowhere
                                + " in time (expected: a broker that can be reached there)\n"));
    }

    private static String letter(String prefix, String tenant, DeadLetterCode code, String customId) throws Exception {
        String escaped = JSON.writeValueAsString(customId);
        byte[] value = Letters.request(escaped.substring(1, escaped.length() - 1), "");
        return rig.write(prefix + "dead-letters", tenant, value, Letters.headers(code));
    }

    private static List<String> listed(String... selectors) {
        String[] words = new String[selectors.length + 2];
        words[0] = "dead-letters";
        words[1] = "list";
        System.arraycopy(selectors, 0, words, 2, selectors.length);
        CapturedRun run = rig.run("select.", words);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.out()
                .lines()
                .map(JSON::readTree)
                .map(line -> line.path("custom_id").stringValue())
                .toList();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
