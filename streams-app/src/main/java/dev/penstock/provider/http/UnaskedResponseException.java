package dev.penstock.provider.http;

import java.io.Serial;
import org.apache.hc.core5.http.ProtocolException;

/** A response that cannot be one to the request that was sent. */
final class UnaskedResponseException extends ProtocolException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String detail;

    /** @param detail in our words */
    UnaskedResponseException(String detail) {
        super(detail);
        this.detail = detail;
    }

    String detail() {
        return detail;
    }
}
