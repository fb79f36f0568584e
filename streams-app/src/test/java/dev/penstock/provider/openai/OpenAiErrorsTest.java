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

    /** Further on a message may quote the prompt. */
    @Test
    void shouldTakeNothingButTheBeginningForThat() {
        assertThat(words("Rate limit reached: Request too large for gpt-4o").code())
                .isEqualTo("rate_limit_exceeded");
        assertThat(words("").code()).isEqualTo("rate_limit_exceeded");
    }
}
