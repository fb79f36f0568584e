package dev.penstock.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.provider.ErrorClass.Credentials;
import dev.penstock.provider.ErrorClass.Permanent;
import dev.penstock.provider.ErrorClass.SpendCapped;
import dev.penstock.provider.ErrorClass.Throttled;
import dev.penstock.provider.ErrorClass.Transient;
import dev.penstock.provider.ErrorClass.Unknown;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorClassifierTest {

    private static final ErrorClass BAD_REQUEST = new Permanent(DeadLetterCode.PROVIDER_BAD_REQUEST, false);
    private static final ErrorClass SERVER_ERROR = new Transient(DeadLetterCode.PROVIDER_SERVER_ERROR, true);
    private static final ErrorClass NO_ANSWER = new Unknown(DeadLetterCode.PROVIDER_UNUSABLE_ANSWER);

    @Test
    void shouldClassifyEveryStatusAsTheTableSays() {
        // Given
        Map<Integer, ErrorClass> expected = new TreeMap<>();
        IntStream.range(100, 400).forEach(status -> expected.put(status, NO_ANSWER));
        IntStream.range(400, 500).forEach(status -> expected.put(status, BAD_REQUEST));
        IntStream.range(500, 600).forEach(status -> expected.put(status, SERVER_ERROR));
        IntStream.range(600, 1000).forEach(status -> expected.put(status, NO_ANSWER));
        expected.put(401, new Credentials());
        expected.put(403, new Credentials());
        expected.put(402, new SpendCapped());
        expected.put(429, new Throttled());
        expected.put(408, new Transient(DeadLetterCode.PROVIDER_UNAVAILABLE, true));
        expected.put(409, new Transient(DeadLetterCode.PROVIDER_UNAVAILABLE, true));
        expected.put(503, new Transient(DeadLetterCode.PROVIDER_UNAVAILABLE, false));
        expected.put(529, new Transient(DeadLetterCode.PROVIDER_UNAVAILABLE, false));

        // When
        Map<Integer, ErrorClass> actual = new TreeMap<>();
        expected.keySet().forEach(s -> actual.put(s, ErrorClassifier.classify(ErrorSignals.ofStatus(s))));

        // Then
        assertThat(actual).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insufficient_quota",
                "credit_balance_exhausted",
                "billing_hard_limit_reached",
                "spend_limit_reached",
                "budget_exceeded"
            })
    void shouldTakeSpendCodesForAnEmptyAccountUnlessToldWhenToComeBack(String code) {
        // When / Then
        assertThat(ErrorClassifier.classify(signals(429, code, "", null, null))).isEqualTo(new SpendCapped());
        assertThat(ErrorClassifier.classify(signals(429, "", code, null, null))).isEqualTo(new SpendCapped());
        assertThat(ErrorClassifier.classify(signals(400, code, "", null, null))).isEqualTo(new SpendCapped());
        assertThat(ErrorClassifier.classify(signals(403, code, "", null, null))).isEqualTo(new SpendCapped());
        assertThat(ErrorClassifier.classify(signals(429, code, "", Duration.ofSeconds(5), null)))
                .isEqualTo(new Throttled());
        assertThat(ErrorClassifier.classify(signals(500, code, "", null, null))).isEqualTo(SERVER_ERROR);
    }

    @Test
    void shouldTellRefusedContentAndTooLongPromptsFromWrongRequests() {
        // When / Then
        assertThat(ErrorClassifier.classify(signals(400, "content_filter", "", null, null)))
                .isEqualTo(new Permanent(DeadLetterCode.PROVIDER_CONTENT_REFUSED, true));
        assertThat(ErrorClassifier.classify(signals(400, "context_length_exceeded", "", null, null)))
                .isEqualTo(new Permanent(DeadLetterCode.PROVIDER_CONTEXT_LENGTH, true));
        assertThat(ErrorClassifier.classify(new ErrorSignals(400, "", "BadRequestError", true, null, null)))
                .isEqualTo(new Permanent(DeadLetterCode.PROVIDER_CONTEXT_LENGTH, true));
        assertThat(ErrorClassifier.classify(signals(400, "unknown_parameter", "", null, null)))
                .isEqualTo(BAD_REQUEST);
    }

    /** No wait makes it smaller, and the account is as good for others as before. */
    @ParameterizedTest
    @ValueSource(ints = {402, 413, 429})
    void shouldRefuseForGoodARequestThatTakesMoreOfARateThanThereIs(int status) {
        // Given
        ErrorClass expected = new Permanent(DeadLetterCode.PROVIDER_REQUEST_TOO_LARGE, false);

        // When / Then
        String code = ErrorClassifier.REQUEST_TOO_LARGE;
        assertThat(ErrorClassifier.classify(signals(status, code, "tokens", null, null)))
                .isEqualTo(expected);
        assertThat(ErrorClassifier.classify(signals(status, code, "tokens", Duration.ofSeconds(5), true)))
                .isEqualTo(expected);
    }

    /** Requests may name any model, and the key is as good for those of others. */
    @Test
    void shouldTakeAModelThatTheKeyIsNotForAsOneThatThereIsNot() {
        // When / Then
        assertThat(ErrorClassifier.classify(signals(403, "model_not_found", "invalid_request_error", null, null)))
                .isEqualTo(BAD_REQUEST);
        assertThat(ErrorClassifier.classify(signals(404, "model_not_found", "invalid_request_error", null, null)))
                .isEqualTo(BAD_REQUEST);
        assertThat(ErrorClassifier.classify(signals(401, "model_not_found", "", null, null)))
                .isEqualTo(new Credentials());
    }

    @ParameterizedTest
    @ValueSource(strings = {"content_filter", "content_policy_violation", "moderation_blocked", "content_moderation"})
    void shouldTakeA403OverContentForARefusalOfTheRequest(String code) {
        // When / Then
        assertThat(ErrorClassifier.classify(signals(403, code, "", null, null)))
                .isEqualTo(new Permanent(DeadLetterCode.PROVIDER_CONTENT_REFUSED, true));
        assertThat(ErrorClassifier.classify(signals(401, code, "", null, null))).isEqualTo(new Credentials());
    }

    @Test
    void shouldLetTheProviderSayThatARetryHelps() {
        // When / Then
        assertThat(ErrorClassifier.classify(signals(404, "", "", null, true)))
                .isEqualTo(new Transient(DeadLetterCode.PROVIDER_UNAVAILABLE, false));
        assertThat(ErrorClassifier.classify(signals(401, "", "", null, true)))
                .isEqualTo(new Transient(DeadLetterCode.PROVIDER_UNAVAILABLE, false));
        assertThat(ErrorClassifier.classify(signals(429, "insufficient_quota", "", null, true)))
                .isEqualTo(new Throttled());
        assertThat(ErrorClassifier.classify(signals(500, "", "", null, true))).isEqualTo(SERVER_ERROR);
        assertThat(ErrorClassifier.classify(signals(302, "", "", null, true))).isEqualTo(NO_ANSWER);
    }

    @Test
    void shouldLetTheProviderSayThatARetryIsUseless() {
        // When / Then
        assertThat(ErrorClassifier.classify(signals(500, "", "", null, false)))
                .isEqualTo(new Permanent(DeadLetterCode.PROVIDER_SERVER_ERROR, true));
        assertThat(ErrorClassifier.classify(signals(503, "", "", null, false)))
                .isEqualTo(new Permanent(DeadLetterCode.PROVIDER_UNAVAILABLE, false));
        assertThat(ErrorClassifier.classify(signals(302, "", "", null, false)))
                .isEqualTo(new Permanent(DeadLetterCode.PROVIDER_UNUSABLE_ANSWER, true));
        assertThat(ErrorClassifier.classify(signals(429, "", "", null, false))).isEqualTo(new Throttled());
        assertThat(ErrorClassifier.classify(signals(400, "", "", null, false))).isEqualTo(BAD_REQUEST);
    }

    @Test
    void shouldGiveEveryClassItsNameOnTheWire() {
        // When / Then
        assertThat(BAD_REQUEST.failureClass()).isEqualTo(FailureClass.PERMANENT);
        assertThat(new Credentials().failureClass()).isEqualTo(FailureClass.CREDENTIALS);
        assertThat(new SpendCapped().failureClass()).isEqualTo(FailureClass.SPEND_CAPPED);
        assertThat(new Throttled().failureClass()).isEqualTo(FailureClass.THROTTLED);
        assertThat(SERVER_ERROR.failureClass()).isEqualTo(FailureClass.TRANSIENT);
        assertThat(NO_ANSWER.failureClass()).isEqualTo(FailureClass.UNKNOWN);
        assertThat(NO_ANSWER.possiblyBilled()).isTrue();
    }

    private static ErrorSignals signals(
            int status, String code, String type, @Nullable Duration retryAfter, @Nullable Boolean shouldRetry) {
        return new ErrorSignals(status, code, type, false, retryAfter, shouldRetry);
    }
}
