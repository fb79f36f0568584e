package dev.penstock.guarantees;

import static dev.penstock.guarantees.GuaranteeAssert.assertIllegal;
import static dev.penstock.guarantees.GuaranteeAssert.assertLegal;
import static dev.penstock.guarantees.Histories.TEN;

import org.junit.jupiter.api.Test;

class LedgerEqualsUsageTest {

    @Test
    void shouldAcceptOneEventForOneAnsweredCall() {
        assertLegal(LedgerEqualsUsage::new, answeredOnce().usage(7, "e1", "billed"));
    }

    @Test
    void shouldAcceptNoEventForARefusedCall() {
        assertLegal(
                LedgerEqualsUsage::new, Histories.empty().sent(7, "q").call("call-1", "q", TEN, Event.Ending.REFUSED));
    }

    @Test
    void shouldAcceptAnUnknownChargeForACallThatAKillLost() {
        assertLegal(
                LedgerEqualsUsage::new,
                Histories.empty()
                        .sent(7, "q")
                        .call("call-1", "q", TEN, Event.Ending.ABANDONED)
                        .killed(TEN.plusSeconds(1))
                        .usage(7, "e1", "unknown")
                        .call("call-2", "q", TEN.plusSeconds(3), Event.Ending.ANSWERED)
                        .usage(7, "e2", "billed"));
    }

    @Test
    void shouldAcceptAnUnknownChargeForACallThatAKillCaughtBeforeItLeft() {
        assertLegal(
                LedgerEqualsUsage::new,
                answeredOnce().killed(TEN).usage(7, "e1", "unknown").usage(7, "e2", "billed"));
    }

    @Test
    void shouldAcceptACorrectionBesideTheChargeItCorrects() {
        assertLegal(
                LedgerEqualsUsage::new, answeredOnce().usage(7, "e1", "unknown").usage(7, "e1", "corrected"));
    }

    @Test
    void shouldCountAnUnknownChargeOnceThatALateFailureRepeats() {
        assertLegal(
                LedgerEqualsUsage::new,
                Histories.empty()
                        .sent(7, "q")
                        .call("call-1", "q", TEN, Event.Ending.ABANDONED)
                        .usage(7, "e1", "unknown")
                        .usage(7, "e1", "unknown"));
    }

    @Test
    void shouldCatchAnAnsweredCallWithoutEvent() {
        assertIllegal(LedgerEqualsUsage::new, answeredOnce(), "1 calls may be billed, 0 usage events");
    }

    @Test
    void shouldCatchACallChargedTwice() {
        assertIllegal(
                LedgerEqualsUsage::new,
                answeredOnce().usage(7, "e1", "billed").usage(7, "e2", "unknown"),
                "2 usage events, 1 calls");
    }

    @Test
    void shouldCatchTheSameEventAtTwoPositions() {
        assertIllegal(
                LedgerEqualsUsage::new,
                answeredOnce().usage(7, "e1", "billed").usage(7, "e1", "billed"),
                "repeats event e1");
    }

    @Test
    void shouldCatchABillThatTheProviderNeverSent() {
        assertIllegal(
                LedgerEqualsUsage::new,
                Histories.empty()
                        .sent(7, "q")
                        .call("call-1", "q", TEN, Event.Ending.ABANDONED)
                        .usage(7, "e1", "billed"),
                "billed 1 times, answered 0");
    }

    @Test
    void shouldCatchAChargeToAnotherTenant() {
        assertIllegal(
                LedgerEqualsUsage::new,
                answeredOnce().usage(7, "e1", "billed").usage(7, "e2", "billed", "b"),
                "a tenant that did not ask");
    }

    @Test
    void shouldCatchAChargeThatNoCallExplains() {
        assertIllegal(
                LedgerEqualsUsage::new,
                Histories.empty().sent(7, "q").usage(7, "e1", "unknown"),
                "1 usage events, 0 calls");
    }

    @Test
    void shouldAcceptAMonthThatIsTheSumOfItsEvents() {
        assertLegal(
                LedgerEqualsUsage::new,
                answeredOnce()
                        .status("0", "0.10")
                        .charged("e1", "unknown", "0.10")
                        .share("m-1", "0.10")
                        .charged("e1", "corrected", "0.04")
                        .status("0.04", "0")
                        .share("m-1", "0.01")
                        .share("m-2", "0.03"));
    }

    @Test
    void shouldCatchAMonthThatSaysLessThanItsEvents() {
        assertIllegal(
                LedgerEqualsUsage::new,
                answeredOnce()
                        .charged("e1", "billed", "0.10")
                        .status("0.09", "0")
                        .share("m", "0.09"),
                "the month says 0.09, its events 0.10");
    }

    @Test
    void shouldCatchAReservationThatNobodySettled() {
        assertIllegal(
                LedgerEqualsUsage::new,
                answeredOnce()
                        .charged("e1", "billed", "0.10")
                        .status("0.10", "0.10")
                        .share("m", "0.10"),
                "0.10 held, though all is over");
    }

    @Test
    void shouldCatchSharesOfModelsThatAreNotTheWhole() {
        assertIllegal(
                LedgerEqualsUsage::new,
                answeredOnce()
                        .charged("e1", "billed", "0.10")
                        .status("0.10", "0")
                        .share("m-1", "0.10")
                        .share("m-2", "0.10"),
                "the month says 0.10, the shares of its models 0.20");
    }

    private static Histories answeredOnce() {
        return Histories.empty().sent(7, "q").call("call-1", "q", TEN, Event.Ending.ANSWERED);
    }
}
