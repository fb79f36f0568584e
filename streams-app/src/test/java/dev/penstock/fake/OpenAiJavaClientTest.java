package dev.penstock.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The official client as the judge of whether the fake speaks its language. */
class OpenAiJavaClientTest {

    private FakeProvider fake;
    private OpenAIClient client;

    @BeforeEach
    void start() throws IOException {
        fake = FakeProvider.start(FakeProviderSettings.defaults());
        client = OpenAIOkHttpClient.builder()
                .apiKey("sk-test")
                .baseUrl(fake.baseUrl() + "/v1")
                .maxRetries(0)
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        fake.close();
    }

    @Test
    void shouldAnswerWithUsage() {
        // When
        ChatCompletion completion = client.chat().completions().create(params("Why is the sky blue?"));

        // Then
        ChatCompletion.Choice choice = completion.choices().getFirst();
        assertThat(choice.message().content()).contains(FakeAnswer.text("gpt-fake", "Why is the sky blue?"));
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(completion.model()).isEqualTo("gpt-fake");
        assertThat(completion.usage()).hasValueSatisfying(usage -> {
            assertThat(usage.promptTokens()).isPositive();
            assertThat(usage.completionTokens()).isPositive();
            assertThat(usage.totalTokens()).isEqualTo(usage.promptTokens() + usage.completionTokens());
            assertThat(usage.completionTokensDetails().orElseThrow().reasoningTokens())
                    .contains(0L);
        });
        completion.validate();
    }

    @Test
    void shouldStopAtTheOutputCap() {
        // When
        ChatCompletion completion = client.chat()
                .completions()
                .create(params("Tell me everything").toBuilder()
                        .maxCompletionTokens(2)
                        .build());

        // Then
        assertThat(completion.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
        assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(2);
    }

    @Test
    void shouldFailAsTheClientKnowsIt() {
        // When / Then
        assertThatThrownBy(() -> ask("[[fake status=400]]")).isInstanceOf(BadRequestException.class);
        assertThatThrownBy(() -> ask("[[fake status=401]]")).isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> ask("[[fake status=500]]")).isInstanceOf(InternalServerException.class);
        assertThatThrownBy(() -> ask("[[fake status=429 code=insufficient_quota]]"))
                .isInstanceOf(RateLimitException.class)
                .satisfies(e -> assertThat(((OpenAIServiceException) e).code()).contains("insufficient_quota"));
        assertThatThrownBy(() -> ask("[[fake status=429 retry_after=2s]]"))
                .isInstanceOf(RateLimitException.class)
                .satisfies(
                        e -> assertThat(((OpenAIServiceException) e).headers().values("retry-after"))
                                .containsExactly("2"));
    }

    private void ask(String prompt) {
        client.chat().completions().create(params(prompt));
    }

    private static ChatCompletionCreateParams params(String prompt) {
        return ChatCompletionCreateParams.builder()
                .model("gpt-fake")
                .addUserMessage(prompt)
                .build();
    }
}
