package dev.penstock.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.provider.ErrorClassifier;
import dev.penstock.provider.http.ErrorWords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class OpenAiErrorsTest {

    private static ErrorWords words(String message) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.putObject("error").put("message", message).put("type", "tokens").put("code", "rate_limit_exceeded");
        return OpenAiErrors.words(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Request too large for gpt-4o in organization org-1 on tokens per min (TPM): Limit 30000, Requested 30601.",
                "Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested 9000, please reduce."
            })
    void shouldTellARequestThatIsTooLargeFromOneThatCameTooSoon(String message) {
        assertThat(words(message)).isEqualTo(new ErrorWords(ErrorClassifier.REQUEST_TOO_LARGE, "tokens", false));
    }

    @Test
    void shouldTellAnOutputCapThatTheCreditDoesNotCoverFromAnEmptyAccount() {
        assertThat(words(
                                "This request requires more credits, or fewer max_tokens. You requested up to 65536 tokens, but"
                                        + " can only afford 30104. To increase, visit https://openrouter.ai/settings/credits")
                        .code())
                .isEqualTo(ErrorClassifier.REQUEST_TOO_LARGE);
        assertThat(words("Insufficient credits. Add more, or ask for fewer max_tokens")
                        .code())
                .isEqualTo("rate_limit_exceeded");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'reasons':['violence'],'flagged_input':'...','provider_name':'OpenAI'}",
                "{'reasons':[]}",
                "{'flagged_input':'...'}"
            })
    void shouldTellModerationFromARefusedKey(String metadata) {
        // Given
        String error = "{'error':{'code':403,'message':'Your input was flagged','metadata':" + metadata + "}}";

        // When
        ErrorWords words = OpenAiErrors.words(JsonMapper.shared().readTree(error.replace('\'', '"')));

        // Then
        assertThat(words.code()).isEqualTo(ErrorClassifier.CONTENT_MODERATION);
        assertThat(OpenAiErrors.words(JsonMapper.shared()
                                .readTree("{\"error\":{\"code\":403,\"metadata\":{\"provider_name\":\"OpenAI\"}}}"))
                        .code())
                .isEqualTo("403");
    }

    /** Further on a message may quote the prompt. */
    @Test
    void shouldTakeNothingButTheBeginningForThat() {
        assertThat(words("Rate limit reached: Request too large for gpt-4o").code())
                .isEqualTo("rate_limit_exceeded");
        assertThat(words("").code()).isEqualTo("rate_limit_exceeded");
    }
}
