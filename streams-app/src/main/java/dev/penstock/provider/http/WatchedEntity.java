package dev.penstock.provider.http;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/** A request body that notes when it begins to be written, and is written in pieces, so that one can look between them. */
final class WatchedEntity extends HttpEntityWrapper {

    private static final ContentType JSON = ContentType.create("application/json");

    private static final int PIECE = 16 * 1024;

    private final byte[] body;
    private final SentFlag sent;

    WatchedEntity(byte[] body, SentFlag sent) {
        super(new ByteArrayEntity(body, JSON));
        this.body = body;
        this.sent = sent;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        sent.raise();
        for (int from = 0; from < body.length; from += PIECE) {
            out.write(body, from, Math.min(PIECE, body.length - from));
        }
    }
}
