package dev.penstock.provider.http;

import java.io.IOException;
import java.io.Serial;

/** A connection of the pool had bytes on it that an earlier call left behind. It is closed; nothing was written to it. */
final class LeftoverBytesException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    LeftoverBytesException() {
        super("an earlier call left bytes behind");
    }
}
