package dev.penstock.provider.http;

import java.io.Serial;
import org.apache.hc.core5.http.ProtocolException;

/** A response that cannot be one to the request that was sent. Its message is in our words. */
final class UnaskedResponseException extends ProtocolException {

    @Serial
    private static final long serialVersionUID = 1L;

    UnaskedResponseException(String what) {
        super(what);
    }
}
