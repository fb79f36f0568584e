package dev.penstock.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every closed list stands in an enum and in a schema: they must be one list. The page of the codes has a test of its own. */
class ClosedListsTest {

    static Stream<Arguments> lists() {
        return Stream.of(
                arguments("common", "/$defs/deadLetterCode/enum", DeadLetterCode.values()),
                arguments("common", "/$defs/source/enum", Source.values()),
                arguments("common", "/$defs/batchDirective/enum", BatchDirective.values()),
                arguments("dead-letter-headers", "/properties/llm.dlq.stage/enum", Stage.values()),
                arguments("request", "/properties/task/enum", Task.values()),
                arguments("request", "/properties/priority/enum", Priority.values()),
                arguments("request", "/properties/batch/enum", BatchDirective.values()),
                arguments("request", "/properties/in_doubt/enum", InDoubtPolicy.values()),
                arguments("outcome", "/properties/kind/enum", Outcome.Kind.values()),
                arguments("outcome", "/properties/failure/properties/class/enum", FailureClass.values()),
                arguments("usage", "/properties/status/enum", UsageEvent.Status.values()),
                arguments("budget", "/properties/state/enum", BudgetStatus.State.values()),
                arguments("alert", "/properties/kind/enum", Alert.Kind.values()),
                arguments("tenant-policy", "/properties/on_budget_spent/enum", TenantPolicy.OnBudgetSpent.values()),
                arguments("tenant-policy", "/properties/batch/enum", BatchDirective.values()));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("lists")
    void shouldBeOneListInEnumAndSchema(String schema, String place, WireName[] constants) {
        // Given
        JsonNode list = SchemaFiles.tree(schema).at(place);

        // When
        List<String> names = new ArrayList<>();
        list.forEach(name -> {
            if (!name.isNull()) {
                names.add(name.stringValue());
            }
        });

        // Then
        assertThat(names).isEqualTo(Stream.of(constants).map(WireName::wireName).toList());
    }

    @Test
    void shouldNameEachCodeByStageAndReason() {
        // Given
        DeadLetterCode[] codes = DeadLetterCode.values();

        // When
        Stream<String> names = Stream.of(codes)
                .map(code -> code.stage() + "_" + code.code().split("\\.")[1].toUpperCase(Locale.ROOT));

        // Then
        assertThat(names.toList()).isEqualTo(Stream.of(codes).map(Enum::name).toList());
        assertThat(codes).allMatch(code -> DeadLetterCode.fromCode(code.code()).orElseThrow() == code);
        assertThat(DeadLetterCode.fromCode("intake.bored")).isEmpty();
    }
}
