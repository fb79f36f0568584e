package dev.penstock.provider;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a refusal says about itself, as far as the class of the error depends on it.
 *
 * @param status the HTTP status
 * @param code the error body's {@code code}, empty if it has none
 * @param type the error body's {@code type}, empty if it has none
 * @param speaksOfContextLength the message names the context length; servers without a code of their own for it do that
 * @param retryAfter what the provider asked for
 * @param shouldRetry {@code x-should-retry}, null if it was not sent
 */
public record ErrorSignals(
        int status,
        String code,
        String type,
        boolean speaksOfContextLength,
        @Nullable Duration retryAfter,
        @Nullable Boolean shouldRetry) {

    /** A status alone. */
    public static ErrorSignals ofStatus(int status) {
        return new ErrorSignals(status, "", "", false, null, null);
    }
}
