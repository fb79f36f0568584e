package dev.penstock.provider.anthropic;

import static dev.penstock.provider.Calls.LONG;
import static dev.penstock.provider.Calls.SHORT;
import static dev.penstock.provider.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.fake.FakeAnswer;
import dev.penstock.fake.FakeCall;
import dev.penstock.fake.FakeProvider;
import dev.penstock.fake.FakeProviderSettings;
import dev.penstock.fake.FakeScript;
import dev.penstock.provider.Calls;
import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.ProviderReply.Answered;
import dev.penstock.provider.ProviderReply.Failed;
import dev.penstock.provider.Secret;
import dev.penstock.provider.http.HttpProvider;
import dev.penstock.provider.openai.OpenAiProvider;
import dev.penstock.provider.openai.OpenAiSettings;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.TokenUsage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The provider against the fake: every fault that the fake can play, and what becomes of the connection. */
class AnthropicProviderTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);

    private FakeProvider fake;
    private AnthropicProvider provider;

    @BeforeEach
    void start() throws IOException {
        fake = FakeProvider.start(FakeProviderSettings.defaults());
        provider = new AnthropicProvider(
                AnthropicSettings.of(fake.baseUrl(), Secret.of("sk-ant-test")).withMaxAnswerBytes(100_000),
                InstantSource.fixed(NOW));
    }

    @AfterEach
    void stop() {
        await().untilAsserted(() -> assertThat(provider.connections().leased()).isZero());
        provider.close();
        fake.close();
    }

    @Test
    void shouldBringBackTheAnswerAndItsUsageInOpenAisWords() throws Exception {
        // When
        Answered answered = (Answered) provider.call(call("What is a penstock?"));

        // Then
        assertThat(answered.statusCode()).isEqualTo(200);
        assertThat(answered.providerRequestId()).isEqualTo("req_fake_1");
        assertThat(text(answered)).isEqualTo(FakeAnswer.text(Calls.MODEL, "What is a penstock?"));
        assertThat(answered.body().path("created").asLong()).isEqualTo(NOW.getEpochSecond());
        assertThat(answered.usage()).isEqualTo(new TokenUsage(13, 12, 0, 0));
        FakeCall call = fake.callLog().calls().getFirst();
        assertThat(call.idempotencyKey()).startsWith("key-1.");
        assertThat(call.keySha256()).isNotNull().doesNotContain("sk-ant-test");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                {"model": "m", "messages": [
                  {"role": "system", "content": "Be brief."},
                  {"role": "user", "content": [{"type": "text", "text": "What is "}, {"type": "text", "text": "a penstock?"}]}]}""",
                """
                {"model": "m", "max_tokens": 3, "messages": [{"role": "user", "content": "Tell me everything"}]}""",
                """
                {"model": "m", "messages": [
                  {"role": "system", "content": "Be brief."},
                  {"role": "user", "content": "Weather in Rome?"},
                  {"role": "assistant", "content": null, "tool_calls": [
                    {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}]},
                  {"role": "tool", "tool_call_id": "c1", "content": "20 degrees"},
                  {"role": "user", "content": "So?"}]}""",
            })
    void shouldGetTheSameAnswerAsOpenAiDoes(String body) throws Exception {
        // Given
        try (OpenAiProvider openAi =
                new OpenAiProvider(OpenAiSettings.of(fake.baseUrl(), null), InstantSource.system())) {

            // When
            Answered theirs = (Answered) openAi.call(of(body));
            Answered ours = (Answered) provider.call(of(body));

            // Then
            assertThat(text(ours)).isEqualTo(text(theirs)).startsWith("answer ");
            assertThat(ours.body().at("/choices/0/finish_reason"))
                    .isEqualTo(theirs.body().at("/choices/0/finish_reason"));
            assertThat(ours.usage()).isEqualTo(theirs.usage());
        }
    }

    @Test
    void shouldGetTheSameToolCallAsOpenAiDoes() throws Exception {
        // Given
        String body = """
                {"model": "m", "tool_choice": "required", "messages": [{"role": "user", "content": "Weather?"}],
                 "tools": [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}]}""";
        try (OpenAiProvider openAi =
                new OpenAiProvider(OpenAiSettings.of(fake.baseUrl(), null), InstantSource.system())) {

            // When
            Answered theirs = (Answered) openAi.call(of(body));
            Answered ours = (Answered) provider.call(of(body));

            // Then
            assertThat(ours.body().at("/choices/0/message/tool_calls/0/function"))
                    .isEqualTo(theirs.body().at("/choices/0/message/tool_calls/0/function"));
            assertThat(ours.body().at("/choices/0/finish_reason").asString()).isEqualTo("tool_calls");
            assertThat(ours.body()
                            .at("/choices/0/message/tool_calls/0/function/name")
                            .asString())
                    .isEqualTo("weather");
        }
    }

    @Test
    void shouldCountCachedTokensAsOpenAiDoes() throws Exception {
        // Given
        String body = """
                {"model": "m", "messages": [
                  {"role": "system", "content": [
                    {"type": "text", "text": "0123456789012345678901", "cache_control": {"type": "ephemeral"}}]},
                  {"role": "user", "content": [
                    {"type": "text", "text": "0123456789012345678901", "cache_control": {"type": "ephemeral"}}]},
                  {"role": "user", "content": "And?"}]}""";

        // When
        Answered answered = (Answered) provider.call(of(body));

        // Then
        TokenUsage usage = Objects.requireNonNull(answered.usage());
        assertThat(usage.cachedTokens()).isEqualTo(8);
        assertThat(usage.promptTokens()).isGreaterThan(16);
        assertThat(answered.body().at("/usage/cache_creation_input_tokens").asLong())
                .isPositive();
        assertThat(TokenUsage.fromOpenAi(answered.body().path("usage"))).contains(usage);
    }

    @Test
    void shouldSendNothingThatCannotBeTranslated() throws Exception {
        // Given
        ObjectNode body = Calls.body("hello").put("seed", 7);

        // When
        Failed failed = (Failed) provider.call(of(body.toString()));

        // Then
        assertThat(failed)
                .isEqualTo(new Failed(
                        FailureClass.PERMANENT,
                        DeadLetterCode.PROVIDER_UNTRANSLATABLE,
                        null,
                        false,
                        null,
                        "body.seed: 7 (expected: left out: Anthropic has no such field)",
                        null));
        assertThat(fake.callLog().counts().received()).isZero();
        assertThat(provider.connections()).isEqualTo(new HttpProvider.Connections(0, 0, 0));
    }

    @Test
    void shouldSendNothingToAnotherUrl() throws Exception {
        // When
        Failed failed =
                (Failed) provider.call(new ProviderCall("k", "/v1/embeddings", Calls.body("hello"), Calls.LONG, null));

        // Then
        assertThat(failed.code()).isEqualTo(DeadLetterCode.PROVIDER_UNTRANSLATABLE);
        assertThat(fake.callLog().counts().received()).isZero();
    }

    @Test
    void shouldUseAConnectionAgain() throws Exception {
        // When
        for (int i = 0; i < 5; i++) {
            provider.call(call("again " + i));
        }

        // Then
        await().untilAsserted(
                        () -> assertThat(provider.connections()).isEqualTo(new HttpProvider.Connections(0, 1, 0)));
    }

    @ParameterizedTest
    @CsvSource({
        "400, PERMANENT,    PROVIDER_BAD_REQUEST,   false",
        "401, CREDENTIALS,  PROVIDER_CREDENTIALS,   false",
        "402, SPEND_CAPPED, PROVIDER_SPEND_CAPPED,  false",
        "403, CREDENTIALS,  PROVIDER_CREDENTIALS,   false",
        "404, PERMANENT,    PROVIDER_BAD_REQUEST,   false",
        "413, PERMANENT,    PROVIDER_BAD_REQUEST,   false",
        "429, THROTTLED,    PROVIDER_THROTTLED,     false",
        "500, TRANSIENT,    PROVIDER_SERVER_ERROR,  true",
        "504, TRANSIENT,    PROVIDER_SERVER_ERROR,  true",
        "529, TRANSIENT,    PROVIDER_UNAVAILABLE,   false",
        "400 code=prompt_too_long,        PERMANENT,    PROVIDER_CONTEXT_LENGTH,  true",
        "400 code=credit_balance_too_low, SPEND_CAPPED, PROVIDER_SPEND_CAPPED,    false",
        "400 code=content_filter,         PERMANENT,    PROVIDER_CONTENT_REFUSED, true",
    })
    void shouldSayWhatARefusalMeansAndKeepTheConnection(
            String status, FailureClass failureClass, DeadLetterCode code, boolean possiblyBilled) throws Exception {
        // When
        Failed failed = (Failed) provider.call(call("[[fake status=" + status + "]]"));

        // Then
        int number = Integer.parseInt(status.substring(0, 3));
        assertThat(failed)
                .isEqualTo(new Failed(
                        failureClass,
                        code,
                        number,
                        possiblyBilled,
                        null,
                        "provider answered with status " + number,
                        null));
        assertThat(provider.connections().idle()).isEqualTo(1);
        assertThat(fake.callLog().counts().received()).isEqualTo(1);
    }

    @Test
    void shouldTellAnEmptyAccountFromAFullMinute() throws Exception {
        // Given
        fake.follow(FakeScript.parse("quotas: [{key: sk-ant-test, calls: 0}]"));

        // When
        Failed empty = (Failed) provider.call(call("no money"));
        fake.follow(FakeScript.PLAIN);
        Failed busy = (Failed) provider.call(call("[[fake status=429 retry_after=5s]]"));

        // Then
        assertThat(empty.failureClass()).isEqualTo(FailureClass.SPEND_CAPPED);
        assertThat(busy.failureClass()).isEqualTo(FailureClass.THROTTLED);
        assertThat(busy.retryAfter()).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[[fake hang]]", "[[fake drip=50ms]]", "[[fake late=20s]]"})
    void shouldEndACallThatTakesTooLongAtItsDeadline(String prompt) throws Exception {
        // When
        Failed failed = (Failed) provider.call(call(prompt, SHORT));

        // Then
        assertUnknown(failed, DeadLetterCode.PROVIDER_TIMEOUT);
        await().untilAsserted(
                        () -> assertThat(provider.connections()).isEqualTo(new HttpProvider.Connections(0, 0, 0)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[[fake cut]]", "[[fake close]]"})
    void shouldTakeABrokenConnectionForPossiblyBilled(String prompt) throws Exception {
        // When
        Failed failed = (Failed) provider.call(call(prompt));

        // Then
        assertUnknown(failed, DeadLetterCode.PROVIDER_CUT);
        assertThat(fake.callLog().counts().received()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "empty",
                "garbage=html",
                "garbage=array",
                "garbage=string",
                "garbage=no_choices",
                "garbage=truncated",
                "garbage=duplicate",
                "garbage=trailing",
                "garbage=deep",
                "garbage=long_number"
            })
    void shouldRefuseWhatIsNoAnswer(String fault) throws Exception {
        // When
        Failed failed = (Failed) provider.call(call("[[fake " + fault + "]]"));

        // Then
        assertUnknown(failed, DeadLetterCode.PROVIDER_UNUSABLE_ANSWER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage=no_choices", "garbage=duplicate"})
    void shouldKeepTheUsageOfAnAnswerThatCannotBeUsed(String fault) throws Exception {
        // When
        Failed failed = (Failed) provider.call(call("[[fake " + fault + "]]"));

        // Then
        assertThat(failed.usage()).isEqualTo(new TokenUsage(7, 3, 0, 0));
    }

    @Test
    void shouldKeepTheUsageOfAnAnswerThatIsTooLarge() throws Exception {
        // When
        Failed failed = (Failed) provider.call(call("[[fake huge=50000000]]"));

        // Then
        assertThat(failed.code()).isEqualTo(DeadLetterCode.PROVIDER_ANSWER_TOO_LARGE);
        assertThat(failed.possiblyBilled()).isTrue();
        assertThat(failed.usage()).isEqualTo(new TokenUsage(10, 12_500_000, 0, 0));
    }

    @Test
    void shouldEndAtOnceWhenInterrupted() {
        // Given
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                provider.call(call("[[fake hang]]", LONG));
            } catch (InterruptedException | RuntimeException e) {
                thrown.complete(e);
            }
        });
        await().until(() -> fake.callLog().counts().open() == 1);

        // When
        caller.interrupt();

        // Then
        await().atMost(Duration.ofSeconds(10)).until(thrown::isDone);
        assertThat(thrown.join()).isInstanceOf(InterruptedException.class);
    }

    private static ProviderCall of(String body) {
        return new ProviderCall(
                "key-1", "/v1/chat/completions", (ObjectNode) new JsonMapper().readTree(body), LONG, null);
    }

    private static String text(Answered answered) {
        return answered.body().at("/choices/0/message/content").asString();
    }

    private static void assertUnknown(Failed failed, DeadLetterCode code) {
        assertThat(failed.code()).isEqualTo(code);
        assertThat(failed.possiblyBilled()).isTrue();
        assertThat(failed.failureClass()).isEqualTo(FailureClass.UNKNOWN);
    }
}
