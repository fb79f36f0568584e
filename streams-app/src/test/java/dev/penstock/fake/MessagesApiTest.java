package dev.penstock.fake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What no client library would send, and what depends on keys. */
class MessagesApiTest {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private FakeProvider fake;

    @BeforeEach
    void start() throws IOException {
        fake = FakeProvider.start(FakeProviderSettings.defaults());
    }

    @AfterEach
    void stop() {
        client.close();
        fake.close();
    }

    @Test
    void shouldAnswerTheSameQuestionTheSameToTheByte() throws Exception {
        // When
        String first = post("k", question("same question")).body();
        String second = post("k", question("same question")).body();

        // Then
        assertThat(second).isEqualTo(first);
        assertThat(MAPPER.readTree(first).at("/content/0/text").asString())
                .isEqualTo(FakeAnswer.text("m", "same question"));
    }

    @Test
    void shouldKeepTheQuotasOfEachKey() throws Exception {
        // Given
        fake.follow(FakeScript.parse("quotas: [{key: k1, calls: 1}]"));

        // When
        HttpResponse<String> within = post("k1", question("one"));
        HttpResponse<String> spent = post("k1", question("two"));
        HttpResponse<String> other = post("k2", question("three"));
        fake.follow(FakeScript.parse("quotas: [{calls: 0, per: 1m}]"));
        HttpResponse<String> tooFast = post("k1", question("four"));

        // Then
        assertThat(within.statusCode()).isEqualTo(200);
        assertThat(spent.statusCode()).isEqualTo(400);
        assertThat(spent.body()).contains("Your credit balance is too low");
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(tooFast.statusCode()).isEqualTo(429);
        assertThat(tooFast.headers().firstValue("retry-after")).isPresent();
        assertThat(error(tooFast)).isEqualTo("rate_limit_error");
    }

    @Test
    void shouldAskForAKeyAndAVersion() throws Exception {
        // Given
        fake.follow(FakeScript.parse("require_key: true"));

        // When
        HttpResponse<String> noVersion = send(question("x"), "x-api-key", "k");
        HttpResponse<String> otherVersion = send(question("x"), "x-api-key", "k", "anthropic-version", "2023-01-01");
        HttpResponse<String> noKey = send(question("x"), "anthropic-version", "2023-06-01");
        HttpResponse<String> bearer =
                send(question("x"), "anthropic-version", "2023-06-01", "Authorization", "Bearer k");

        // Then
        assertThat(noVersion.statusCode()).isEqualTo(400);
        assertThat(otherVersion.statusCode()).isEqualTo(400);
        assertThat(noKey.statusCode()).isEqualTo(401);
        assertThat(error(noKey)).isEqualTo("authentication_error");
        assertThat(bearer.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"2023-06-01, 200", "2026-10-21, 400"})
    void shouldTakeATemperatureInTheOlderVersionAlone(String version, int status) throws Exception {
        // Given
        String warm = question("x").replace("{\"model\"", "{\"temperature\":1,\"model\"");

        // When / Then
        assertThat(send(warm, "x-api-key", "k", "anthropic-version", version).statusCode())
                .isEqualTo(status);
        assertThat(send(question("x"), "x-api-key", "k", "anthropic-version", version)
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{'model':'m','messages':[{'role':'user','content':'x'}]}",
                "{'model':'m','max_tokens':5,'messages':[]}",
                "{'model':'m','max_tokens':0,'messages':[{'role':'user','content':'x'}]}",
                "{'model':'m','max_tokens':5,'stream':true,'messages':[{'role':'user','content':'x'}]}",
                "{'model':'m','max_tokens':5,'messages':[{'role':'system','content':'x'}]}",
                "{'model':'m','max_tokens':5,'messages':[{'role':'assistant','content':'x'}]}",
                "{'model':'m','max_tokens':5,'messages':[{'role':'user','content':''}]}",
                "{'model':'m','max_tokens':5,'messages':[{'role':'user','content':[]}]}",
                "{'model':'m','max_tokens':5,'messages':[{'role':'user','content':[{'type':'text','text':''}]}]}",
                "{'model':'m','max_tokens':5,'messages':[{'role':'user','content':[{'type':'image_url'}]}]}",
                "{'model':'m','max_tokens':5,'tools':[{'type':'function'}],'messages':[{'role':'user','content':'x'}]}",
            })
    void shouldRefuseWhatTheRealOneRefuses(String body) throws Exception {
        // When
        HttpResponse<String> refused = post("k", body.replace('\'', '"'));

        // Then
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(error(refused)).isEqualTo("invalid_request_error");
    }

    private HttpResponse<String> post(String key, String body) throws Exception {
        return send(body, "x-api-key", key, "anthropic-version", "2023-06-01");
    }

    private HttpResponse<String> send(String body, String... headers) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(fake.messagesUrl())
                .headers(headers)
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static String error(HttpResponse<String> response) {
        JsonNode body = MAPPER.readTree(response.body());
        return body.at("/error/type").asString();
    }

    private static String question(String prompt) {
        return "{\"model\":\"m\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}";
    }
}
