package dev.penstock.schemas;

import org.jspecify.annotations.Nullable;

/** Reads a record of the requests topic. It takes anything, within bounded time and memory, and never throws. */
public final class RequestCodec {

    private final BoundedJson json;

    public RequestCodec(CodecLimits limits) {
        this.json = new BoundedJson(limits);
    }

    /** What a record's value is. */
    public sealed interface Parsed {

        record Accepted(Request request) implements Parsed {}

        /**
         * No request.
         *
         * @param detail names the field and the rule; one line of at most 256 bytes without any text of the value
         */
        record Refused(DeadLetterCode code, String detail) implements Parsed {
            public Refused {
                detail = Detail.of(detail);
            }
        }
    }

    /** Parses and checks the value of a record; null is what a deletion looks like. */
    public Parsed parse(byte @Nullable [] value) {
        if (value == null) {
            return new Parsed.Refused(DeadLetterCode.INTAKE_EMPTY, "value: absent (expected: a request)");
        }
        try {
            return new Parsed.Accepted(RequestFormat.read(Fields.of(json.tree(value))));
        } catch (Refusal refusal) {
            return new Parsed.Refused(refusal.code(), refusal.detail());
        }
    }
}
