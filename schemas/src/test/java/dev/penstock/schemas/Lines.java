package dev.penstock.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.penstock.schemas.RequestCodec.Parsed;

/** Request lines for tests, whole or with one thing changed. */
final class Lines {

    static final RequestCodec CODEC = new RequestCodec(CodecLimits.DEFAULT);

    private Lines() {}

    /** A line whose body has one more member. */
    static byte[] withBodyMember(String member) {
        return ("{\"custom_id\":\"a\",\"body\":{\"model\":\"m\"," + member + "}}").getBytes(UTF_8);
    }

    /** A line with one more field. */
    static byte[] withField(String field) {
        return ("{\"custom_id\":\"a\",\"body\":{\"model\":\"m\"}," + field + "}").getBytes(UTF_8);
    }

    static Request accepted(byte[] line) {
        return switch (CODEC.parse(line)) {
            case Parsed.Accepted accepted -> accepted.request();
            case Parsed.Refused refused -> throw new AssertionError(refused.toString());
        };
    }

    static Parsed.Refused refused(RequestCodec codec, byte[] line) {
        return switch (codec.parse(line)) {
            case Parsed.Accepted accepted -> throw new AssertionError("accepted: " + accepted);
            case Parsed.Refused refused -> refused;
        };
    }
}
