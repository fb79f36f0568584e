package dev.penstock.provider.http;

import dev.penstock.provider.ErrorClassifier;
import dev.penstock.provider.ErrorSignals;
import dev.penstock.provider.ProviderReply;
import dev.penstock.provider.ProviderReply.Answered;
import dev.penstock.schemas.TokenUsage;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Reads a response within fixed bounds and says what it means. */
final class ReplyReader {

    /** More than any error says; what is over it is not read. */
    private static final int MAX_ERROR_BYTES = 64 * 1024;

    private static final Pattern REQUEST_ID = Pattern.compile("[\\x21-\\x7e]{1,128}");

    private final Dialect dialect;
    private final int maxAnswerBytes;
    private final InstantSource clock;
    private final AnswerJson json;

    ReplyReader(Dialect dialect, int maxAnswerBytes, InstantSource clock) {
        this.dialect = dialect;
        this.maxAnswerBytes = maxAnswerBytes;
        this.clock = clock;
        this.json = new AnswerJson(Math.max(maxAnswerBytes, MAX_ERROR_BYTES));
    }

    /**
     * @param connectionReusable the response was read to its end and made sense. A wrong length would leave bytes behind that
     *     the next call would take for its answer, so everything else costs the connection. The exception is a chunked answer of
     *     no use: to read it is to read the end that its sender marked, which gives the connection back at once
     */
    record Read(ProviderReply reply, boolean connectionReusable) {}

    /** @throws IOException if the connection breaks before an answer is complete */
    Read read(ClassicHttpResponse response) throws IOException {
        int status = response.getCode();
        return status >= 200 && status <= 299 ? answer(response) : refusal(response);
    }

    private Read answer(ClassicHttpResponse response) throws IOException {
        int status = response.getCode();
        HttpEntity entity = response.getEntity();
        if (entity == null || entity.getContentLength() == 0) {
            return unusable(status, "an empty body", null);
        }
        if (isEncoded(response)) {
            return unusable(status, "a compressed body that was not asked for", null);
        }
        InputStream in = entity.getContent();
        byte[] body = read(entity, in, maxAnswerBytes);
        if (body.length > maxAnswerBytes) {
            TokenUsage usage = UsageScan.of(dialect, body, in).orElse(null);
            return new Read(Failures.answerTooLarge(status, maxAnswerBytes, usage), false);
        }
        return switch (json.parse(body)) {
            case AnswerJson.NotAnObject bad ->
                unusable(
                        status,
                        bad.what(),
                        UsageScan.of(dialect, body, InputStream.nullInputStream())
                                .orElse(null));
            case AnswerJson.Parsed good -> completion(response, good.object(), in);
        };
    }

    private Read completion(ClassicHttpResponse response, ObjectNode body, InputStream in) throws IOException {
        int status = response.getCode();
        return switch (dialect.read(body)) {
            case Reading.Unusable bad -> unusable(status, bad.what(), bad.usage());
            case Reading.Completion good ->
                new Read(new Answered(status, requestId(response), good.body(), good.usage()), in.read() < 0);
        };
    }

    private static Read unusable(int status, String what, @Nullable TokenUsage usage) {
        return new Read(Failures.unusable(status, what, usage), false);
    }

    private Read refusal(ClassicHttpResponse response) {
        ErrorHeaders headers = new ErrorHeaders(response);
        ErrorBody body = errorBody(response);
        ErrorWords words = body.words();
        ErrorSignals signals = new ErrorSignals(
                response.getCode(),
                words.code(),
                words.type(),
                words.speaksOfContextLength(),
                headers.retryAfter(clock.instant()),
                headers.shouldRetry());
        ProviderReply reply = ErrorClassifier.classify(signals)
                .failed(signals.status(), signals.retryAfter(), detail(signals.status()), null);
        return new Read(reply, body.complete());
    }

    private static String detail(int status) {
        String answered = "provider answered with status " + status;
        return switch (status) {
            case 301, 302, 303, 307, 308 ->
                answered + ", a redirect, which is not followed (expected: the provider's own base URL)";
            default -> answered;
        };
    }

    /**
     * @param complete it was read to its end
     */
    private record ErrorBody(ErrorWords words, boolean complete) {
        static final ErrorBody UNREADABLE = new ErrorBody(ErrorWords.NONE, false);
    }

    /** The status says most of it, so a body that cannot be read changes nothing but the connection's fate. */
    private ErrorBody errorBody(ClassicHttpResponse response) {
        HttpEntity entity = response.getEntity();
        if (entity == null || entity.getContentLength() == 0 || isEncoded(response)) {
            return ErrorBody.UNREADABLE;
        }
        try {
            InputStream in = entity.getContent();
            byte[] bytes = read(entity, in, MAX_ERROR_BYTES);
            return switch (json.parse(bytes)) {
                case AnswerJson.Parsed parsed -> new ErrorBody(dialect.error(parsed.object()), in.read() < 0);
                case AnswerJson.NotAnObject bad -> ErrorBody.UNREADABLE;
            };
        } catch (IOException cut) {
            return ErrorBody.UNREADABLE;
        }
    }

    /** At most one byte more than {@code max}. Stops before the end where that is known, so that the caller may look first. */
    private static byte[] read(HttpEntity entity, InputStream in, int max) throws IOException {
        long announced = entity.getContentLength();
        return in.readNBytes(announced >= 0 && announced <= max ? (int) announced : max + 1);
    }

    private static boolean isEncoded(ClassicHttpResponse response) {
        Header encoding = response.getFirstHeader(HttpHeaders.CONTENT_ENCODING);
        return encoding != null && !"identity".equalsIgnoreCase(encoding.getValue());
    }

    private @Nullable String requestId(ClassicHttpResponse response) {
        Header id = response.getFirstHeader(dialect.requestIdHeader());
        return id != null
                        && id.getValue() != null
                        && REQUEST_ID.matcher(id.getValue()).matches()
                ? id.getValue()
                : null;
    }
}
