package dev.penstock.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.HttpResponseFor;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.OverloadedException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.models.ErrorType;
import com.anthropic.models.messages.CacheControlEphemeral;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolChoiceTool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The official client as the judge of whether the fake speaks its language. */
class AnthropicJavaClientTest {

    private static final String MODEL = "claude-fake";

    private FakeProvider fake;
    private AnthropicClient client;

    @BeforeEach
    void start() throws IOException {
        fake = FakeProvider.start(FakeProviderSettings.defaults());
        client = AnthropicOkHttpClient.builder()
                .apiKey("sk-ant-test")
                .baseUrl(fake.baseUrl().toString())
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
        Message message = client.messages().create(params("Why is the sky blue?"));

        // Then
        assertThat(message.content().getFirst().asText().text())
                .isEqualTo(FakeAnswer.text(MODEL, "Why is the sky blue?"));
        assertThat(message.stopReason()).contains(StopReason.END_TURN);
        assertThat(message.model().asString()).isEqualTo(MODEL);
        assertThat(message.usage().inputTokens()).isPositive();
        assertThat(message.usage().outputTokens()).isPositive();
        assertThat(message.usage().cacheReadInputTokens()).contains(0L);
        message.validate();
    }

    @Test
    void shouldNameTheCall() {
        // When
        try (HttpResponseFor<Message> response =
                client.messages().withRawResponse().create(params("Hello"))) {

            // Then
            assertThat(response.requestId()).contains("req_fake_1");
        }
        assertThat(fake.callLog().calls().getFirst().keySha256()).isEqualTo(Digests.sha256("sk-ant-test"));
    }

    @Test
    void shouldStopAtTheOutputCap() {
        // When
        Message message = client.messages()
                .create(params("Tell me everything").toBuilder().maxTokens(2).build());

        // Then
        assertThat(message.stopReason()).contains(StopReason.MAX_TOKENS);
        assertThat(message.usage().outputTokens()).isEqualTo(2);
    }

    @Test
    void shouldCallAToolThatMustBeCalledAndTakeItsResult() {
        // Given
        MessageCreateParams asked = params("Weather?").toBuilder()
                .addTool(Tool.builder()
                        .name("weather")
                        .inputSchema(Tool.InputSchema.builder()
                                .putAdditionalProperty("additionalProperties", JsonValue.from(true))
                                .build())
                        .build())
                .toolChoice(ToolChoiceTool.builder().name("weather").build())
                .build();

        // When
        Message called = client.messages().create(asked);
        ToolUseBlock use = called.content().getFirst().asToolUse();
        Message answered = client.messages()
                .create(params("Weather?").toBuilder()
                        .addMessage(called)
                        .addUserMessageOfContentBlockParams(
                                List.of(ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                                        .toolUseId(use.id())
                                        .content("20 degrees")
                                        .build())))
                        .build());

        // Then
        assertThat(called.stopReason()).contains(StopReason.TOOL_USE);
        assertThat(use.name()).isEqualTo("weather");
        called.validate();
        assertThat(answered.content().getFirst().asText().text()).startsWith("answer ");
    }

    @Test
    void shouldCountWhatIsCached() {
        // When
        Message message = client.messages()
                .create(params("And?").toBuilder()
                        .systemOfTextBlockParams(List.of(marked("Be brief. ".repeat(40)), marked("And kind.")))
                        .build());

        // Then
        assertThat(message.usage().cacheReadInputTokens().orElse(0L)).isGreaterThan(100);
        assertThat(message.usage().cacheCreationInputTokens().orElse(0L)).isBetween(1L, 20L);
        assertThat(message.usage().inputTokens()).isPositive();
    }

    @Test
    void shouldFailAsTheClientKnowsIt() {
        // When / Then
        assertThatThrownBy(() -> ask("[[fake status=400]]")).isInstanceOf(BadRequestException.class);
        assertThatThrownBy(() -> ask("[[fake status=401]]")).isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> ask("[[fake status=500]]")).isInstanceOf(InternalServerException.class);
        assertThatThrownBy(() -> ask("[[fake status=529]]")).isInstanceOf(OverloadedException.class);
        assertThatThrownBy(() -> ask("[[fake status=429 retry_after=2s]]"))
                .isInstanceOf(RateLimitException.class)
                .satisfies(e -> assertThat(
                                ((AnthropicServiceException) e).headers().values("retry-after"))
                        .containsExactly("2"));
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error",
        "401, authentication_error",
        "402, billing_error",
        "403, permission_error",
        "404, not_found_error",
        "429, rate_limit_error",
        "500, api_error",
        "504, timeout_error",
        "529, overloaded_error",
    })
    void shouldGiveEveryErrorItsType(int status, String type) {
        // When / Then
        assertThatThrownBy(() -> ask("[[fake status=" + status + "]]"))
                .isInstanceOfSatisfying(AnthropicServiceException.class, e -> {
                    assertThat(e.statusCode()).isEqualTo(status);
                    assertThat(e.type()).contains(ErrorType.of(type));
                    assertThat(e.requestId()).contains("req_fake_1");
                    assertThat(e.apiMessage()).isPresent();
                });
    }

    private void ask(String prompt) {
        client.messages().create(params(prompt));
    }

    private static TextBlockParam marked(String text) {
        return TextBlockParam.builder()
                .text(text)
                .cacheControl(CacheControlEphemeral.builder().build())
                .build();
    }

    private static MessageCreateParams params(String prompt) {
        return MessageCreateParams.builder()
                .model(MODEL)
                .maxTokens(1000)
                .addUserMessage(prompt)
                .build();
    }
}
