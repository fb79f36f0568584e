package dev.penstock.provider.http;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/** A request body that notes when it begins to be written. */
final class WatchedEntity extends HttpEntityWrapper {

    private static final ContentType JSON = ContentType.create("application/json");

    private final SentFlag sent;

    WatchedEntity(byte[] body, SentFlag sent) {
        super(new ByteArrayEntity(body, JSON));
        this.sent = sent;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        sent.raise();
        super.writeTo(out);
    }
}
