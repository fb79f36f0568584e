package dev.penstock.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FakeProviderTest {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void shouldAnswerTheSameQuestionTheSameToTheByte() throws Exception {
        // Given
        try (FakeProvider fake = FakeProvider.start(FakeProviderSettings.defaults())) {

            // When
            String first = ask(fake, "k1", "same question").body();
            String second = ask(fake, "k2", "same question").body();
            String other = ask(fake, "k3", "another question").body();

            // Then
            assertThat(second).isEqualTo(first);
            assertThat(other).isNotEqualTo(first);
            assertThat(fake.callLog().calls("k2")).hasSize(1);
        }
    }

    @Test
    void shouldHaveACallInItsFileBeforeItIsAnswered(@TempDir Path dir) throws Exception {
        // Given
        Path file = dir.resolve("calls.jsonl");
        FakeProviderSettings settings = FakeProviderSettings.defaults().withCallLog(file, true);
        try (FakeProvider fake = FakeProvider.start(settings)) {

            // When
            ask(fake, "k1", "[[fake status=503]]");

            // Then
            JsonNode line = MAPPER.readTree(Files.readAllLines(file).getFirst());
            assertThat(line.path("event").asString()).isEqualTo("received");
            assertThat(line.path("sequence").asLong()).isEqualTo(1);
            assertThat(line.path("idempotency_key").asString()).isEqualTo("k1");
            assertThat(line.path("body_sha256").asString()).isEqualTo(Digests.sha256(question("[[fake status=503]]")));
            assertThat(line.path("scripted").asString()).isEqualTo("status 503");
            assertThat(line.path("key_sha256").asString()).isEqualTo(Digests.sha256("sk-secret"));
            await().until(() -> fake.callLog().counts().byStatus().containsKey(503));
        }
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2).noneMatch(l -> l.contains("sk-secret"));
        assertThat(MAPPER.readTree(lines.getLast()).path("status").asInt()).isEqualTo(503);
    }

    @Test
    void shouldFollowANewScriptAndRefuseABadOne() throws Exception {
        // Given
        try (FakeProvider fake = FakeProvider.start(FakeProviderSettings.defaults())) {

            // When
            HttpResponse<String> good = control(fake, "faults: [{status: 500}]");
            HttpResponse<String> bad = control(fake, "fault: none");
            HttpResponse<String> after = ask(fake, "k", "hello");

            // Then
            assertThat(good.statusCode()).isEqualTo(204);
            assertThat(bad.statusCode()).isEqualTo(400);
            assertThat(bad.body()).startsWith("script: fault (expected: ");
            assertThat(after.statusCode()).isEqualTo(500);
        }
    }

    @Test
    void shouldHoldCallsUntilAScriptLetsThemGoThoughItHoldsTheNext() throws Exception {
        // Given
        try (FakeProvider fake = FakeProvider.start(FakeProviderSettings.defaults())) {
            fake.follow(FakeScript.parse("hold: true"));
            CompletableFuture<HttpResponse<String>> answer = askLater(fake, "a", "fine");
            CompletableFuture<HttpResponse<String>> refusal = askLater(fake, "b", "[[fake status=429]]");
            await().until(() -> fake.callLog().counts().open() == 2);

            // When
            fake.follow(FakeScript.PLAIN);
            fake.follow(FakeScript.parse("hold: true"));
            CompletableFuture<HttpResponse<String>> next = askLater(fake, "c", "fine");

            // Then
            assertThat(answer.join().statusCode()).isEqualTo(200);
            assertThat(refusal.join().statusCode()).isEqualTo(429);
            await().until(() -> fake.callLog().calls("c").size() == 1);
            assertThat(next).isNotDone();
            fake.follow(FakeScript.PLAIN);
            assertThat(next.join().statusCode()).isEqualTo(200);
        }
    }

    private CompletableFuture<HttpResponse<String>> askLater(FakeProvider fake, String key, String prompt) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return ask(fake, key, prompt);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                runnable -> Thread.ofVirtual().start(runnable));
    }

    @Test
    void shouldCountCalls() throws Exception {
        // Given
        try (FakeProvider fake = FakeProvider.start(FakeProviderSettings.defaults())) {
            ask(fake, "a", "fine");
            ask(fake, "b", "[[fake status=429]]");
            await().until(() -> fake.callLog().counts().open() == 0);

            // When
            HttpRequest request =
                    HttpRequest.newBuilder(fake.baseUrl().resolve("/calls")).build();
            JsonNode counts = MAPPER.readTree(
                    client.send(request, BodyHandlers.ofString()).body());

            // Then
            assertThat(counts).isEqualTo(MAPPER.readTree("""
                    {"received":2,"open":0,"most_open":1,"by_status":{"200":1,"429":1},
                     "by_script":{"answer":1,"status 429":1}}"""));
        }
    }

    @Test
    void shouldKeepTheQuotasOfEachKey() throws Exception {
        // Given
        FakeScript script = FakeScript.parse("""
                quotas: [{key: sk-secret, calls: 1}]
                """);
        FakeScript perMinute = FakeScript.parse("""
                quotas: [{calls: 1, per: 1m}]
                """);
        try (FakeProvider fake =
                FakeProvider.start(FakeProviderSettings.defaults().withScript(script))) {

            // When
            HttpResponse<String> within = ask(fake, "a", "one");
            HttpResponse<String> spent = ask(fake, "b", "two");
            fake.follow(perMinute);
            HttpResponse<String> first = ask(fake, "c", "three");
            HttpResponse<String> tooFast = ask(fake, "d", "four");

            // Then
            assertThat(within.statusCode()).isEqualTo(200);
            assertThat(spent.statusCode()).isEqualTo(429);
            assertThat(spent.body()).contains("insufficient_quota");
            assertThat(spent.headers().firstValue("retry-after")).isEmpty();
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(tooFast.statusCode()).isEqualTo(429);
            assertThat(Integer.parseInt(
                            tooFast.headers().firstValue("retry-after").orElseThrow()))
                    .isBetween(1, 60);
        }
    }

    @Test
    void shouldFailOnlyAsOftenAsADirectiveSays() throws Exception {
        // Given
        try (FakeProvider fake = FakeProvider.start(FakeProviderSettings.defaults())) {

            // When
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                statuses.add(ask(fake, "k", "[[fake status=500 times=2]]").statusCode());
            }

            // Then
            assertThat(statuses).containsExactly(500, 500, 200, 200);
        }
    }

    @Test
    void shouldRefuseWhatItDoesNotUnderstand() throws Exception {
        // Given
        try (FakeProvider fake =
                FakeProvider.start(FakeProviderSettings.defaults().withScript(FakeScript.parse("require_key: true")))) {

            // When
            Map<String, Integer> statuses = Map.of(
                    "not JSON", post(fake, "k", "{").statusCode(),
                    "no messages", post(fake, "k", "{\"model\":\"m\"}").statusCode(),
                    "stream",
                            post(fake, "k", question("x").replace("{\"model\"", "{\"stream\":true,\"model\""))
                                    .statusCode(),
                    "directive", ask(fake, "k", "[[fake colour=red]]").statusCode());
            HttpRequest noKey = HttpRequest.newBuilder(fake.baseUrl().resolve("/v1/chat/completions"))
                    .POST(BodyPublishers.ofString(question("hi")))
                    .build();

            // Then
            assertThat(statuses.values()).containsOnly(400);
            assertThat(client.send(noKey, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void shouldDrawTheSameFaultsFromTheSameSeed() throws Exception {
        // Given
        FakeScript script = FakeScript.parse("{seed: 7, faults: [{rate: 0.5, status: 500}]}");

        // When
        List<Integer> first = statuses(script);
        List<Integer> second = statuses(script);

        // Then
        assertThat(second).isEqualTo(first);
        assertThat(first).contains(200, 500);
    }

    private List<Integer> statuses(FakeScript script) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        try (FakeProvider fake =
                FakeProvider.start(FakeProviderSettings.defaults().withScript(script))) {
            for (int i = 0; i < 40; i++) {
                statuses.add(ask(fake, "k" + i, "question").statusCode());
            }
        }
        return statuses;
    }

    private HttpResponse<String> ask(FakeProvider fake, String key, String prompt) throws Exception {
        return post(fake, key, question(prompt));
    }

    private HttpResponse<String> post(FakeProvider fake, String key, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(fake.baseUrl().resolve("/v1/chat/completions"))
                .header("Idempotency-Key", key)
                .header("Authorization", "Bearer sk-secret")
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private HttpResponse<String> control(FakeProvider fake, String script) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(fake.baseUrl().resolve("/control"))
                .PUT(BodyPublishers.ofString(script))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static String question(String prompt) {
        return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}";
    }
}
