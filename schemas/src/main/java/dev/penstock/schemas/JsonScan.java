package dev.penstock.schemas;

import dev.penstock.schemas.BoundedJson.HalfPairs;

/**
 * Reads bytes once before any parser sees them, and holds them against the limits: UTF-8, surrogate escapes, depth,
 * lengths, numbers of values. It judges only what a parser would not tell apart or would spend too much on; grammar is left to the parser.
 */
final class JsonScan {

    private final byte[] bytes;
    private final CodecLimits limits;
    private final HalfPairs halfPairs;
    private int at;
    private int depth;
    private int values;
    private boolean hasHalfPairs;

    private JsonScan(byte[] bytes, CodecLimits limits, HalfPairs halfPairs) {
        this.bytes = bytes;
        this.limits = limits;
        this.halfPairs = halfPairs;
    }

    /** Whether a half surrogate pair was found and let pass. */
    static boolean check(byte[] bytes, CodecLimits limits, HalfPairs halfPairs) throws Refusal {
        if (bytes.length > limits.maxBytes()) {
            throw new Refusal(
                    DeadLetterCode.INTAKE_TOO_LARGE,
                    "value: " + bytes.length + " bytes (expected: at most " + limits.maxBytes() + ")");
        }
        JsonScan scan = new JsonScan(bytes, limits, halfPairs);
        scan.run();
        return scan.hasHalfPairs;
    }

    private void run() throws Refusal {
        if (bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF) {
            throw new Refusal(DeadLetterCode.INTAKE_MALFORMED_JSON, "value: starts with a byte order mark");
        }
        while (at < bytes.length) {
            byte b = bytes[at];
            switch (b) {
                case '"' -> string();
                case '{', '[' -> open();
                case '}', ']' -> close();
                case ',' -> next();
                case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
                default -> other(b);
            }
        }
    }

    private void open() throws Refusal {
        depth++;
        next();
        if (depth > limits.maxDepth()) {
            throw refused(DeadLetterCode.INTAKE_TOO_DEEP, "depth: " + depth, "at most " + limits.maxDepth());
        }
    }

    private void close() {
        depth--;
        at++;
    }

    private void next() throws Refusal {
        values++;
        at++;
        if (values > limits.maxValues()) {
            throw refused(
                    DeadLetterCode.INTAKE_TOO_LARGE,
                    "value: " + values + " JSON values or more",
                    "at most " + limits.maxValues());
        }
    }

    private void number() throws Refusal {
        int start = at;
        while (at < bytes.length && isOfNumber(bytes[at])) {
            at++;
        }
        if (at - start > limits.maxNumberLength()) {
            throw refused(
                    DeadLetterCode.INTAKE_NUMBER_TOO_LONG,
                    "number: " + (at - start) + " characters",
                    "at most " + limits.maxNumberLength());
        }
    }

    private static boolean isOfNumber(byte b) {
        return (b >= '0' && b <= '9') || b == '.' || b == 'e' || b == 'E' || b == '+' || b == '-';
    }

    private void other(byte b) throws Refusal {
        if (b < 0) {
            at = Utf8.next(bytes, at);
        } else if (b == 0) {
            throw refused(DeadLetterCode.INTAKE_MALFORMED_JSON, "value: a zero byte", "JSON text");
        } else {
            at++;
        }
    }

    private void string() throws Refusal {
        int start = ++at;
        while (at < bytes.length && bytes[at] != '"') {
            byte b = bytes[at];
            if (b == '\\') {
                escape();
            } else {
                at = b >= 0 ? at + 1 : Utf8.next(bytes, at);
            }
        }
        if (at - start > limits.maxStringLength()) {
            throw refused(
                    DeadLetterCode.INTAKE_STRING_TOO_LONG,
                    "string: " + (at - start) + " bytes",
                    "at most " + limits.maxStringLength());
        }
        at++;
    }

    private void escape() throws Refusal {
        int unit = escapedUnit(at);
        if (unit < 0 || !Character.isSurrogate((char) unit)) {
            at += 2;
            return;
        }
        int low = escapedUnit(at + 6);
        if (Character.isHighSurrogate((char) unit) && low >= 0 && Character.isLowSurrogate((char) low)) {
            at += 12;
        } else if (halfPairs == HalfPairs.REPLACE) {
            hasHalfPairs = true;
            at += 6;
        } else {
            throw refused(DeadLetterCode.INTAKE_INVALID_UTF8, "string: half a surrogate pair", "both halves");
        }
    }

    /** The UTF-16 unit that a hexadecimal escape at this place stands for, or -1 if none is there. */
    private int escapedUnit(int from) {
        if (from + 6 > bytes.length || bytes[from] != '\\' || bytes[from + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int i = from + 2; i < from + 6; i++) {
            int digit = Character.digit(bytes[i], 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    private Refusal refused(DeadLetterCode code, String what, String rule) {
        return new Refusal(code, what + " (expected: " + rule + ") at byte " + Math.min(at, bytes.length));
    }
}
