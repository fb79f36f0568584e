package dev.penstock.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * A whole answer.
 *
 * @param content never changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Answer(int status, String type, byte[] content) {

    static final String TEXT = "text/plain; charset=utf-8";

    /** One line, or a few. */
    static Answer text(int status, String text) {
        return new Answer(status, TEXT, text.getBytes(UTF_8));
    }

    /** Writes it as fast as it is read; no thread waits for that. */
    void send(Response response, Callback callback) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, content.length);
        response.write(true, ByteBuffer.wrap(content), callback);
    }
}
