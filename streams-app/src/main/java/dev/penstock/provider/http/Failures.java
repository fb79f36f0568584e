package dev.penstock.provider.http;

import dev.penstock.provider.ErrorClass;
import dev.penstock.provider.ErrorClass.Permanent;
import dev.penstock.provider.ErrorClass.Transient;
import dev.penstock.provider.ErrorClass.Unknown;
import dev.penstock.provider.ProviderReply.Failed;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.TokenUsage;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.jspecify.annotations.Nullable;

/** Failures that are not the provider's own words: no connection, no answer, an answer of no use. */
final class Failures {

    private Failures() {}

    static Failed closed() {
        return notSent("provider is closed");
    }

    /** Nothing was sent. */
    static Failed untranslatable(String detail) {
        return new Permanent(DeadLetterCode.PROVIDER_UNTRANSLATABLE, false).failed(null, null, detail, null);
    }

    static Failed unusable(int status, String what, @Nullable TokenUsage usage) {
        return new Unknown(DeadLetterCode.PROVIDER_UNUSABLE_ANSWER)
                .failed(status, null, "provider answered with status " + status + " and " + what, usage);
    }

    static Failed answerTooLarge(int status, int maxAnswerBytes, @Nullable TokenUsage usage) {
        return new Permanent(DeadLetterCode.PROVIDER_ANSWER_TOO_LARGE, true)
                .failed(status, null, "answer is larger than " + maxAnswerBytes + " bytes", usage);
    }

    /** The class of an exception that ended an exchange. */
    static Failed of(Exception failure, Exchange exchange, Duration timeout) {
        if (exchange.timedOut()) {
            return outOfTime(exchange, timeout).asOutOfTime();
        }
        if (!exchange.possiblySent()) {
            return notSent(why(failure));
        }
        if (failure.getCause() instanceof UnaskedResponseException unasked) {
            return unknown(DeadLetterCode.PROVIDER_UNUSABLE_ANSWER, unasked.detail());
        }
        return isUnusable(failure)
                ? unknown(DeadLetterCode.PROVIDER_UNUSABLE_ANSWER, "provider did not answer in HTTP")
                : unknown(DeadLetterCode.PROVIDER_CUT, "connection ended before the answer was complete");
    }

    private static Failed outOfTime(Exchange exchange, Duration timeout) {
        return exchange.possiblySent()
                ? unknown(DeadLetterCode.PROVIDER_TIMEOUT, "no complete answer within " + timeout.toMillis() + " ms")
                : notSent("no connection within " + timeout.toMillis() + " ms");
    }

    private static Failed notSent(String detail) {
        ErrorClass error = new Transient(DeadLetterCode.PROVIDER_UNAVAILABLE, false);
        return error.failed(null, null, detail, null);
    }

    private static Failed unknown(DeadLetterCode code, String detail) {
        return new Unknown(code).failed(null, null, detail, null);
    }

    private static boolean isUnusable(Exception failure) {
        return failure instanceof ClientProtocolException
                || failure instanceof MessageConstraintException
                || failure instanceof MalformedChunkCodingException
                || failure instanceof RuntimeException;
    }

    private static String why(Exception failure) {
        return switch (failure) {
            case UnknownHostException e -> "provider's host name could not be resolved";
            case ConnectTimeoutException e -> "provider did not accept the connection in time";
            case ConnectException e -> "provider refused the connection";
            case SSLException e -> "TLS handshake with the provider failed";
            default -> "provider could not be reached";
        };
    }
}
