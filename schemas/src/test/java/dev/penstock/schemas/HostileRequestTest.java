package dev.penstock.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.penstock.schemas.RequestCodec.Parsed;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that were made to break a reader: each gets its one code, quickly, and nothing is thrown. */
class HostileRequestTest {

    private static final int MANY = 100 * 1024 * 1024;

    /** So large that only the limit under test can refuse. */
    private static final CodecLimits WIDE = new CodecLimits(2 * MANY, 128, 2 * MANY, 1_000, 2 * MANY);

    static Stream<Arguments> hostile() {
        return Stream.of(
                arguments("no value", null, DeadLetterCode.INTAKE_EMPTY),
                arguments("no bytes", new byte[0], DeadLetterCode.INTAKE_EMPTY),
                arguments("one null", bytes("null"), DeadLetterCode.INTAKE_MALFORMED_JSON),
                arguments("zero bytes", new byte[64], DeadLetterCode.INTAKE_MALFORMED_JSON),
                arguments(
                        "a number of 10^6 digits",
                        Lines.withBodyMember("\"n\":" + "9".repeat(1_000_000)),
                        DeadLetterCode.INTAKE_NUMBER_TOO_LONG),
                arguments(
                        "a fraction of 10^6 digits",
                        Lines.withBodyMember("\"n\":0." + "9".repeat(1_000_000)),
                        DeadLetterCode.INTAKE_NUMBER_TOO_LONG),
                arguments(
                        "an exponent past all decimals",
                        Lines.withBodyMember("\"n\":1e2147483647"),
                        DeadLetterCode.INTAKE_NUMBER_TOO_LONG),
                arguments(
                        "an exponent below all decimals",
                        Lines.withBodyMember("\"n\":1e-2147483648"),
                        DeadLetterCode.INTAKE_NUMBER_TOO_LONG),
                arguments("a high half", Lines.withBodyMember("\"n\":\"\\uD83D\""), DeadLetterCode.INTAKE_INVALID_UTF8),
                arguments("a low half", Lines.withBodyMember("\"n\":\"\\uDe00\""), DeadLetterCode.INTAKE_INVALID_UTF8),
                arguments(
                        "halves in the wrong order",
                        Lines.withBodyMember("\"n\":\"\\uDe00\\uD83D\""),
                        DeadLetterCode.INTAKE_INVALID_UTF8),
                arguments(
                        "a half in a name", Lines.withBodyMember("\"\\uD83Dx\":1"), DeadLetterCode.INTAKE_INVALID_UTF8),
                arguments("a half as three bytes", raw(0xED, 0xA0, 0xBD), DeadLetterCode.INTAKE_INVALID_UTF8),
                arguments("an overlong form", raw(0xC0, 0xAF), DeadLetterCode.INTAKE_INVALID_UTF8),
                arguments("past the last character", raw(0xF4, 0x90, 0x80, 0x80), DeadLetterCode.INTAKE_INVALID_UTF8),
                arguments("a lone continuation", raw(0x80), DeadLetterCode.INTAKE_INVALID_UTF8),
                arguments(
                        "cut in a character",
                        new byte[] {'"', (byte) 0xF0, (byte) 0x9F},
                        DeadLetterCode.INTAKE_INVALID_UTF8),
                arguments(
                        "arrays of depth 10^5",
                        Lines.withBodyMember("\"n\":" + "[".repeat(100_000) + "]".repeat(100_000)),
                        DeadLetterCode.INTAKE_TOO_DEEP),
                arguments(
                        "objects of depth 10^5",
                        Lines.withBodyMember("\"n\":" + "{\"n\":".repeat(100_000)),
                        DeadLetterCode.INTAKE_TOO_DEEP),
                arguments("depth without an end", bytes("[".repeat(100_000)), DeadLetterCode.INTAKE_TOO_DEEP),
                arguments(
                        "a string without an end",
                        bytes("{\"custom_id\":\"" + "a".repeat(100_000)),
                        DeadLetterCode.INTAKE_MALFORMED_JSON),
                arguments(
                        "an escape without an end", bytes("{\"custom_id\":\"\\"), DeadLetterCode.INTAKE_MALFORMED_JSON),
                arguments("half an escape", bytes("{\"custom_id\":\"\\uD8"), DeadLetterCode.INTAKE_MALFORMED_JSON),
                arguments(
                        "an unknown escape",
                        Lines.withBodyMember("\"n\":\"\\x\""),
                        DeadLetterCode.INTAKE_MALFORMED_JSON),
                arguments(
                        "a raw line break in a string",
                        Lines.withBodyMember("\"n\":\"a\nb\""),
                        DeadLetterCode.INTAKE_MALFORMED_JSON),
                arguments("NaN", Lines.withBodyMember("\"n\":NaN"), DeadLetterCode.INTAKE_MALFORMED_JSON),
                arguments(
                        "minus infinity",
                        Lines.withBodyMember("\"n\":-Infinity"),
                        DeadLetterCode.INTAKE_MALFORMED_JSON),
                arguments("a leading zero", Lines.withBodyMember("\"n\":007"), DeadLetterCode.INTAKE_MALFORMED_JSON),
                arguments(
                        "a number without a fraction",
                        Lines.withBodyMember("\"n\":1."),
                        DeadLetterCode.INTAKE_MALFORMED_JSON),
                arguments("single quotes", Lines.withBodyMember("'n':1"), DeadLetterCode.INTAKE_MALFORMED_JSON),
                arguments(
                        "a brace after the end",
                        bytes(new String(Lines.withBodyMember("\"n\":1"), UTF_8) + "}"),
                        DeadLetterCode.INTAKE_MALFORMED_JSON),
                arguments(
                        "a letter after the end",
                        bytes(new String(Lines.withBodyMember("\"n\":1"), UTF_8) + "x"),
                        DeadLetterCode.INTAKE_MALFORMED_JSON),
                arguments(
                        "a zero byte after the end",
                        bytes(new String(Lines.withBodyMember("\"n\":1"), UTF_8) + "\0"),
                        DeadLetterCode.INTAKE_MALFORMED_JSON),
                arguments(
                        "a double member deep down",
                        Lines.withBodyMember("\"n\":[{\"x\":null,\"y\":2,\"x\":null}]"),
                        DeadLetterCode.INTAKE_DUPLICATE_FIELD),
                arguments(
                        "10^5 members, the last one double",
                        Lines.withBodyMember(members(100_000) + ",\"k0\":1"),
                        DeadLetterCode.INTAKE_DUPLICATE_FIELD));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void shouldRefuseWithItsCode(String what, byte @Nullable [] value, DeadLetterCode code) {
        // Given
        RequestCodec codec = new RequestCodec(WIDE);

        // When
        Parsed parsed = codec.parse(value);

        // Then
        assertThat(parsed).isInstanceOfSatisfying(Parsed.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.detail().getBytes(UTF_8)).hasSizeBetween(1, Detail.MAX_BYTES);
        });
    }

    @Test
    void shouldRefuseHundredMegabytesBySizeWithoutReadingThem() {
        // Given
        byte[] value = new byte[MANY];

        // When
        Parsed.Refused refused = Lines.refused(Lines.CODEC, value);

        // Then
        assertThat(refused.code()).isEqualTo(DeadLetterCode.INTAKE_TOO_LARGE);
        assertThat(refused.detail()).isEqualTo("value: 104857600 bytes (expected: at most 524288)");
    }

    @Test
    void shouldTakeAStringAtTheLimitAndRefuseOneByteMore() {
        // Given
        int limit = 100_000;
        RequestCodec codec = new RequestCodec(new CodecLimits(MANY, 128, limit, 1_000, MANY));

        // When
        Parsed atLimit = codec.parse(Lines.withBodyMember("\"n\":\"" + "a".repeat(limit) + "\""));
        Parsed.Refused past = Lines.refused(codec, Lines.withBodyMember("\"n\":\"" + "a".repeat(limit + 1) + "\""));
        Parsed.Refused name = Lines.refused(codec, Lines.withBodyMember("\"" + "a".repeat(limit + 1) + "\":1"));

        // Then
        assertThat(atLimit).isInstanceOf(Parsed.Accepted.class);
        assertThat(past.code()).isEqualTo(DeadLetterCode.INTAKE_STRING_TOO_LONG);
        assertThat(name.code()).isEqualTo(DeadLetterCode.INTAKE_STRING_TOO_LONG);
    }

    @Test
    void shouldTakeAValueAtTheSizeLimitAndRefuseOneByteMore() {
        // Given
        byte[] frame = Lines.withBodyMember("\"n\":\"\"");
        int room = CodecLimits.DEFAULT.maxBytes() - frame.length;

        // When
        Parsed atLimit = Lines.CODEC.parse(Lines.withBodyMember("\"n\":\"" + "a".repeat(room) + "\""));
        Parsed.Refused past =
                Lines.refused(Lines.CODEC, Lines.withBodyMember("\"n\":\"" + "a".repeat(room + 1) + "\""));

        // Then
        assertThat(atLimit).isInstanceOf(Parsed.Accepted.class);
        assertThat(past.code()).isEqualTo(DeadLetterCode.INTAKE_TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[],", "{},", "{\"\":{}},", "0,"})
    void shouldRefuseMoreValuesThanMemoryIsThereFor(String element) {
        // Given
        int many = CodecLimits.DEFAULT.maxValues() + 1;
        byte[] value = Lines.withBodyMember("\"n\":[" + element.repeat(many) + "0]");

        // When
        Parsed.Refused refused = Lines.refused(Lines.CODEC, value);

        // Then
        assertThat(refused.code()).isEqualTo(DeadLetterCode.INTAKE_TOO_LARGE);
        assertThat(refused.detail()).startsWith("value: 50001 JSON values or more (expected: at most 50000)");
    }

    @Test
    void shouldTakeCommasAndBracketsInStringsForText() {
        // Given
        byte[] value = Lines.withBodyMember("\"n\":\"" + "[{,".repeat(CodecLimits.DEFAULT.maxValues()) + "\"");

        // When
        Parsed parsed = Lines.CODEC.parse(value);

        // Then
        assertThat(parsed).isInstanceOf(Parsed.Accepted.class);
    }

    @Test
    void shouldTakeAsManyValuesAsAreAllowed() {
        // Given
        int inTheFrame = commasAndBrackets(Lines.withBodyMember("\"n\":[]"));
        String zeros = "0" + ",0".repeat(CodecLimits.DEFAULT.maxValues() - inTheFrame);

        // When
        Parsed most = Lines.CODEC.parse(Lines.withBodyMember("\"n\":[" + zeros + "]"));
        Parsed.Refused oneMore = Lines.refused(Lines.CODEC, Lines.withBodyMember("\"n\":[" + zeros + ",0]"));

        // Then
        assertThat(most).isInstanceOf(Parsed.Accepted.class);
        assertThat(oneMore.code()).isEqualTo(DeadLetterCode.INTAKE_TOO_LARGE);
    }

    private static int commasAndBrackets(byte[] line) {
        return (int) new String(line, UTF_8)
                .chars()
                .filter(c -> c == ',' || c == '{' || c == '[')
                .count();
    }

    @Test
    void shouldReadAStringOfHundredMegabytesWhereTheLimitsAllowIt() {
        // Given
        byte[] value = Lines.withBodyMember("\"n\":\"" + "a".repeat(MANY) + "\"");

        // When
        Parsed parsed = new RequestCodec(WIDE).parse(value);

        // Then
        assertThat(parsed).isInstanceOf(Parsed.Accepted.class);
    }

    @Test
    void shouldTakeTheDeepestThatIsAllowedAndRefuseOneMore() {
        // Given
        int room = CodecLimits.DEFAULT.maxDepth() - 2;

        // When
        Parsed deepest = Lines.CODEC.parse(Lines.withBodyMember("\"n\":" + "[".repeat(room) + "]".repeat(room)));
        Parsed.Refused past = Lines.refused(
                Lines.CODEC, Lines.withBodyMember("\"n\":" + "[".repeat(room + 1) + "]".repeat(room + 1)));

        // Then
        assertThat(deepest).isInstanceOf(Parsed.Accepted.class);
        assertThat(past.code()).isEqualTo(DeadLetterCode.INTAKE_TOO_DEEP);
    }

    @Test
    void shouldNeverThrowWhateverTheBytes() {
        // Given
        long seed = Long.getLong("seed", 20_261_123L);
        Random random = new Random(seed);
        byte[] good = Examples.good("request").getLast().bytes();

        for (int round = 0; round < 20_000; round++) {
            byte[] value = Arrays.copyOf(good, 1 + random.nextInt(good.length + 4));
            for (int i = random.nextInt(6); i >= 0; i--) {
                value[random.nextInt(value.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : "{}[]\",:\\0e".charAt(random.nextInt(10)));
            }

            // When
            Parsed parsed = Lines.CODEC.parse(value);

            // Then
            if (parsed instanceof Parsed.Refused refused) {
                assertThat(refused.detail())
                        .as("seed %d, round %d", seed, round)
                        .isNotEmpty()
                        .matches("\\p{Print}*");
            }
        }
    }

    private static String members(int count) {
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < count; i++) {
            members.append(i == 0 ? "" : ",")
                    .append("\"k")
                    .append(i)
                    .append("\":")
                    .append(i);
        }
        return members.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] raw(int... units) {
        byte[] line = Lines.withBodyMember("\"n\":\"" + "?".repeat(units.length) + "\"");
        int at = new String(line, UTF_8).indexOf('?');
        for (int i = 0; i < units.length; i++) {
            line[at + i] = (byte) units[i];
        }
        return line;
    }
}
