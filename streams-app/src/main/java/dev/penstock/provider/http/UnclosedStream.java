package dev.penstock.provider.http;

import java.io.FilterInputStream;
import java.io.InputStream;

/** A response's stream reads on to the end of the response when it is closed. This one leaves that to whoever owns it. */
final class UnclosedStream extends FilterInputStream {

    UnclosedStream(InputStream in) {
        super(in);
    }

    @Override
    public void close() {}
}
