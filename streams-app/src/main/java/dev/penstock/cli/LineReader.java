package dev.penstock.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads lines as bytes, untouched but for the line feed, and never holds more of one than the limit. */
final class LineReader {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final InputStream in;
    private final int maxBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int filled;
    private long number;
    private long bytesRead;

    LineReader(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /**
     * One line.
     *
     * @param number from 1
     * @param value its bytes; only the first ones if it is longer than the limit
     * @param bytes how long it is
     */
    record Line(long number, byte[] value, long bytes) {
        boolean tooLong() {
            return bytes > value.length;
        }
    }

    /** The next line that is not empty; nothing at the end. */
    Optional<Line> next() throws IOException {
        while (true) {
            ByteArrayOutputStream value = new ByteArrayOutputStream();
            long length = 0;
            boolean ended = false;
            while (!ended && fill()) {
                int end = position;
                while (end < filled && buffer[end] != '\n') {
                    end++;
                }
                int room = Math.min(end - position, maxBytes - value.size());
                value.write(buffer, position, room);
                length += end - position;
                ended = end < filled;
                position = ended ? end + 1 : end;
            }
            if (!ended && length == 0) {
                return Optional.empty();
            }
            number++;
            if (length > 0) {
                return Optional.of(new Line(number, value.toByteArray(), length));
            }
        }
    }

    /** Read from the input so far. */
    long bytesRead() {
        return bytesRead;
    }

    private boolean fill() throws IOException {
        if (position < filled) {
            return true;
        }
        position = 0;
        filled = in.read(buffer);
        bytesRead += Math.max(0, filled);
        return filled > 0;
    }
}
