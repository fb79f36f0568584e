package dev.penstock.provider.openai;

import static dev.penstock.provider.Calls.LONG;
import static dev.penstock.provider.Calls.SHORT;
import static dev.penstock.provider.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.fake.FakeAnswer;
import dev.penstock.fake.FakeCall;
import dev.penstock.fake.FakeProvider;
import dev.penstock.fake.FakeProviderSettings;
import dev.penstock.provider.Calls;
import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.ProviderReply;
import dev.penstock.provider.ProviderReply.Answered;
import dev.penstock.provider.ProviderReply.Failed;
import dev.penstock.provider.Secret;
import dev.penstock.provider.http.HttpProvider;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.TokenUsage;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The provider against the fake: every fault that the fake can play, and what becomes of the connection. */
class OpenAiProviderTest {

    private FakeProvider fake;
    private OpenAiProvider provider;

    @BeforeEach
    void start() throws IOException {
        fake = FakeProvider.start(FakeProviderSettings.defaults());
        provider = new OpenAiProvider(
                OpenAiSettings.of(fake.baseUrl(), Secret.of("sk-test")).withMaxAnswerBytes(100_000),
                InstantSource.system());
    }

    @AfterEach
    void stop() {
        await().untilAsserted(() -> assertThat(provider.connections().leased()).isZero());
        provider.close();
        fake.close();
    }

    @Test
    void shouldBringBackTheAnswerAndItsUsage() throws Exception {
        // When
        ProviderReply reply = provider.call(call("What is a penstock?"));

        // Then
        Answered answered = (Answered) reply;
        assertThat(answered.statusCode()).isEqualTo(200);
        assertThat(answered.providerRequestId()).isEqualTo("req_fake_1");
        assertThat(answered.body().at("/choices/0/message/content").asString())
                .isEqualTo(FakeAnswer.text(Calls.MODEL, "What is a penstock?"));
        assertThat(answered.usage()).isEqualTo(new TokenUsage(13, 12, 0, 0));
        FakeCall call = fake.callLog().calls().getFirst();
        assertThat(call.idempotencyKey()).startsWith("key-1.");
        assertThat(call.keySha256()).isNotNull().doesNotContain("sk-test");
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
        "404, PERMANENT,    PROVIDER_BAD_REQUEST,   false",
        "401, CREDENTIALS,  PROVIDER_CREDENTIALS,   false",
        "402, SPEND_CAPPED, PROVIDER_SPEND_CAPPED,  false",
        "429, THROTTLED,    PROVIDER_THROTTLED,     false",
        "500, TRANSIENT,    PROVIDER_SERVER_ERROR,  true",
        "503, TRANSIENT,    PROVIDER_UNAVAILABLE,   false",
    })
    void shouldSayWhatARefusalMeansAndKeepTheConnection(
            int status, FailureClass failureClass, DeadLetterCode code, boolean possiblyBilled) throws Exception {
        // When
        Failed failed = (Failed) provider.call(call("[[fake status=" + status + "]]"));

        // Then
        assertThat(failed)
                .isEqualTo(new Failed(
                        failureClass,
                        code,
                        status,
                        possiblyBilled,
                        null,
                        "provider answered with status " + status,
                        null));
        assertThat(provider.connections().idle()).isEqualTo(1);
        assertThat(fake.callLog().counts().received()).isEqualTo(1);
    }

    @Test
    void shouldTellAnEmptyAccountFromAFullMinute() throws Exception {
        // When
        Failed empty = (Failed) provider.call(call("[[fake status=429 code=insufficient_quota]]"));
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
        assertThat(failed.outOfTime()).isTrue();
        assertThat(failed.detail()).isEqualTo("no complete answer within 300 ms");
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
        await().untilAsserted(
                        () -> assertThat(provider.connections()).isEqualTo(new HttpProvider.Connections(0, 0, 0)));
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
        assertThat(failed.failureClass()).isEqualTo(FailureClass.PERMANENT);
        assertThat(failed.possiblyBilled()).isTrue();
        assertThat(failed.usage()).isEqualTo(new TokenUsage(10, 12_500_000, 0, 0));
    }

    @Test
    void shouldNotReadOnForUsageBeyondTheHardCap() throws Exception {
        // When
        Failed failed = (Failed) provider.call(call("[[fake huge=80000000]]"));

        // Then
        assertThat(failed.code()).isEqualTo(DeadLetterCode.PROVIDER_ANSWER_TOO_LARGE);
        assertThat(failed.usage()).isNull();
    }

    @Test
    void shouldEndAtOnceWhenInterrupted() throws Exception {
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
        await().untilAsserted(
                        () -> assertThat(provider.connections()).isEqualTo(new HttpProvider.Connections(0, 0, 0)));
    }

    @Test
    void shouldEndRunningCallsWhenClosed() throws Exception {
        // Given
        CompletableFuture<ProviderReply> reply = inBackground(call("[[fake hang]]", LONG));
        await().until(() -> fake.callLog().counts().open() == 1);

        // When
        provider.close();

        // Then
        await().atMost(Duration.ofSeconds(10)).until(reply::isDone);
        assertUnknown((Failed) reply.join(), DeadLetterCode.PROVIDER_CUT);
        Failed after = (Failed) provider.call(call("too late"));
        assertThat(after.possiblyBilled()).isFalse();
        assertThat(after.failureClass()).isEqualTo(FailureClass.TRANSIENT);
    }

    @Test
    void shouldCallNothingSentWhenNoConnectionIsFree() throws Exception {
        // Given
        try (OpenAiProvider narrow = new OpenAiProvider(
                OpenAiSettings.of(fake.baseUrl(), null).withMaxConnections(1), InstantSource.system())) {
            CompletableFuture<ProviderReply> first = CompletableFuture.supplyAsync(
                    () -> uninterrupted(narrow, call("[[fake hang]]", Duration.ofSeconds(3))));
            await().until(() -> fake.callLog().counts().open() == 1);

            // When
            Failed second = (Failed) narrow.call(call("no room", SHORT));

            // Then
            assertThat(second.possiblyBilled()).isFalse();
            assertThat(second.code()).isEqualTo(DeadLetterCode.PROVIDER_UNAVAILABLE);
            assertThat(second.outOfTime()).isTrue();
            assertThat(second.detail()).isEqualTo("no connection within 300 ms");
            assertUnknown((Failed) first.join(), DeadLetterCode.PROVIDER_TIMEOUT);
            await().untilAsserted(
                            () -> assertThat(narrow.connections()).isEqualTo(new HttpProvider.Connections(0, 0, 0)));
        }
    }

    private CompletableFuture<ProviderReply> inBackground(ProviderCall call) {
        CompletableFuture<ProviderReply> reply = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> reply.complete(uninterrupted(provider, call)));
        return reply;
    }

    private static ProviderReply uninterrupted(OpenAiProvider provider, ProviderCall call) {
        try {
            return provider.call(call);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertUnknown(Failed failed, DeadLetterCode code) {
        assertThat(failed.code()).isEqualTo(code);
        assertThat(failed.possiblyBilled()).isTrue();
        assertThat(failed.failureClass()).isEqualTo(FailureClass.UNKNOWN);
    }
}
