package dev.penstock.guarantees;

import static dev.penstock.guarantees.GuaranteeAssert.assertIllegal;
import static dev.penstock.guarantees.GuaranteeAssert.assertLegal;
import static dev.penstock.guarantees.Histories.TEN;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NoSecretAnywhereTest {

    private static final String SECRET = "sk-canary-1";
    private static final String WORDS = "my grandmother's recipe";

    @Test
    void shouldAcceptAPromptInItsRequestAndItsDeadLetter() {
        assertLegal(this::guarantee, record(Role.REQUESTS, WORDS, Map.of()));
        assertLegal(this::guarantee, record(Role.DEAD_LETTERS, WORDS, Map.of("llm.dlq.detail", "busy")));
    }

    @Test
    void shouldCatchASecretInAValue() {
        assertIllegal(this::guarantee, record(Role.RESULTS, "x" + SECRET, Map.of()), "RESULTS");
    }

    @Test
    void shouldCatchAPromptInAHeader() {
        assertIllegal(
                this::guarantee, record(Role.DEAD_LETTERS, "{}", Map.of("llm.dlq.detail", WORDS)), "llm.dlq.detail");
    }

    @Test
    void shouldCatchAPromptInAUsageEvent() {
        assertIllegal(this::guarantee, record(Role.USAGE, WORDS, Map.of()), "USAGE");
    }

    @Test
    void shouldCatchBothInALog() {
        assertIllegal(this::guarantee, Histories.empty().printed("called with " + SECRET), "app.log");
        assertIllegal(this::guarantee, Histories.empty().printed("cannot parse " + WORDS), "app.log");
    }

    private Guarantee guarantee() {
        return new NoSecretAnywhere(Set.of(SECRET), Set.of(WORDS));
    }

    private static Histories record(Role role, String value, Map<String, String> headers) {
        return Histories.empty().observed(role, new Position("llm.any", 0, 1), TEN, new Message("a", value, headers));
    }
}
