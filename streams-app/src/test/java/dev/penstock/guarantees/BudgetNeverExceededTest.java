package dev.penstock.guarantees;

import static dev.penstock.guarantees.GuaranteeAssert.assertIllegal;
import static dev.penstock.guarantees.GuaranteeAssert.assertLegal;
import static dev.penstock.guarantees.Histories.TEN;

import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Twenty cents, and ten for each call. */
class BudgetNeverExceededTest {

    private static final BigDecimal DIME = new BigDecimal("0.10");

    @Test
    void shouldAcceptTwoCallsThatComeToTheLimit() {
        assertLegal(
                this::guarantee,
                twoCalls()
                        .charged("e1", "billed", "0.10")
                        .charged("e2", "unknown", "0.10")
                        .status("0.10", "0.10"));
    }

    @Test
    void shouldAcceptACallThatWasRefused() {
        assertLegal(this::guarantee, twoCalls().sent(9, "s").call("call-3", "s", TEN, Event.Ending.REFUSED));
    }

    @Test
    void shouldAcceptAnUnknownChargeThatACorrectionLowered() {
        assertLegal(
                this::guarantee,
                twoCalls()
                        .charged("e1", "unknown", "0.20")
                        .charged("e1", "corrected", "0.10")
                        .charged("e2", "billed", "0.10"));
    }

    @Test
    void shouldNotJudgeATenantWithoutALimit() {
        assertLegal(this::guarantee, twoCalls().sent(9, "b", "s").usage(9, "e3", "billed", "b"));
    }

    @Test
    void shouldCatchACallTooMany() {
        assertIllegal(
                this::guarantee,
                twoCalls().sent(9, "s").call("call-3", "s", TEN, Event.Ending.ANSWERED),
                "may have billed 0.30 of 0.20");
    }

    @Test
    void shouldCatchACallThatWasLostAndMadeOnceMore() {
        assertIllegal(
                this::guarantee,
                twoCalls().call("call-3", "q", TEN.plusSeconds(5), Event.Ending.ABANDONED),
                "may have billed 0.30 of 0.20");
    }

    @Test
    void shouldCatchEventsThatComeToMore() {
        assertIllegal(
                this::guarantee,
                twoCalls().charged("e1", "billed", "0.10").charged("e2", "billed", "0.11"),
                "was charged 0.21 of 0.20");
    }

    @Test
    void shouldCatchAReservationThatDidNotFit() {
        assertIllegal(this::guarantee, twoCalls().status("0.15", "0.10"), "tells 0.25 of 0.20");
    }

    private Guarantee guarantee() {
        return new BudgetNeverExceeded(Map.of("a", new BigDecimal("0.20")), asked -> DIME);
    }

    private static Histories twoCalls() {
        return Histories.empty()
                .sent(7, "q")
                .sent(8, "r")
                .call("call-1", "q", TEN, Event.Ending.ANSWERED)
                .call("call-2", "r", TEN, Event.Ending.ABANDONED);
    }
}
