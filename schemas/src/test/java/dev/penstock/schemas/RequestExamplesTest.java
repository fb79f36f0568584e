package dev.penstock.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.RequestCodec.Parsed;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class RequestExamplesTest {

    /** What a schema can tell as well. */
    private static final Set<DeadLetterCode> IN_THE_SCHEMA = EnumSet.of(
            DeadLetterCode.INTAKE_MISSING_FIELD,
            DeadLetterCode.INTAKE_INVALID_FIELD,
            DeadLetterCode.INTAKE_INVALID_TENANT,
            DeadLetterCode.INTAKE_UNSUPPORTED_URL,
            DeadLetterCode.INTAKE_STREAM_UNSUPPORTED);

    private final RequestCodec codec = new RequestCodec(CodecLimits.DEFAULT);

    static List<Examples.Example> good() {
        return Examples.good("request");
    }

    static List<Examples.Example> bad() {
        return Examples.bad("request");
    }

    static List<Examples.Example> badForTheSchema() {
        return bad().stream()
                .filter(example -> IN_THE_SCHEMA.contains(code(example)))
                .toList();
    }

    private static DeadLetterCode code(Examples.Example example) {
        return DeadLetterCode.fromCode(example.prefix()).orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("good")
    void shouldAcceptGoodExample(Examples.Example example) {
        // Given
        byte[] value = example.bytes();

        // When
        Parsed parsed = codec.parse(value);

        // Then
        assertThat(parsed).isInstanceOf(Parsed.Accepted.class);
        assertThat(SchemaFiles.errors("request", SchemaFiles.MAPPER.readTree(value)))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("bad")
    void shouldRefuseBadExampleWithItsCode(Examples.Example example) {
        // Given
        byte[] value = example.bytes();

        // When
        Parsed parsed = codec.parse(value);

        // Then
        assertThat(parsed)
                .isInstanceOfSatisfying(
                        Parsed.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(code(example)));
    }

    @ParameterizedTest
    @MethodSource("badForTheSchema")
    void shouldFailTheSchemaToo(Examples.Example example) {
        // Given
        JsonNode value = SchemaFiles.MAPPER.readTree(example.bytes());

        // When
        var errors = SchemaFiles.errors("request", value);

        // Then
        assertThat(errors).isNotEmpty();
    }

    @Test
    void shouldHaveAnExampleOfEveryCodeOfTheCodecThatFitsAFile() {
        // Given
        Set<DeadLetterCode> generatedInTests = EnumSet.of(
                DeadLetterCode.INTAKE_TOO_LARGE, DeadLetterCode.INTAKE_TOO_DEEP, DeadLetterCode.INTAKE_STRING_TOO_LONG);
        Set<DeadLetterCode> ofTheProcessor = EnumSet.of(
                DeadLetterCode.INTAKE_TENANT_MISMATCH,
                DeadLetterCode.INTAKE_UNSIGNED_TENANT,
                DeadLetterCode.INTAKE_MISROUTED,
                DeadLetterCode.INTAKE_HEADERS_TOO_LARGE);

        // When
        Set<DeadLetterCode> shown =
                bad().stream().map(RequestExamplesTest::code).collect(Collectors.toSet());

        // Then
        Set<DeadLetterCode> expected = EnumSet.allOf(DeadLetterCode.class);
        expected.removeIf(code -> code.stage() != Stage.INTAKE);
        expected.removeAll(generatedInTests);
        expected.removeAll(ofTheProcessor);
        assertThat(shown).isEqualTo(expected);
    }
}
