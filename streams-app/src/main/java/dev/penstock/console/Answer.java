package dev.penstock.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole answer.
 *
 * @param content never changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Answer(int status, String type, byte[] content) {

    private static final Logger LOG = LoggerFactory.getLogger(Answer.class);
    private static final String TEXT = "text/plain; charset=utf-8";

    /** One line, or a few. */
    static Answer text(int status, String text) {
        return new Answer(status, TEXT, text.getBytes(UTF_8));
    }

    /** What the maker makes; where it fails, that is told in the log and not to the client. */
    static Answer made(Supplier<Answer> maker) {
        try {
            return maker.get();
        } catch (RuntimeException | Error failed) {
            LOG.warn("an answer of the console could not be made", failed);
            return text(500, "failed\n");
        }
    }

    /** Runs what ends with an answer on a thread that nobody watches: where it fails, the request ends, and what it holds is released. */
    static void ending(Callback callback, Runnable answering) {
        try {
            answering.run();
        } catch (RuntimeException | Error failed) {
            callback.failed(failed);
        }
    }

    /** Writes it as fast as it is read; no thread waits for that. */
    void send(Response response, Callback callback) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, content.length);
        response.write(true, ByteBuffer.wrap(content), callback);
    }
}
