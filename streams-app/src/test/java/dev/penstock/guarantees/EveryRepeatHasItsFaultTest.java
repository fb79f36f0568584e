package dev.penstock.guarantees;

import static dev.penstock.guarantees.GuaranteeAssert.assertIllegal;
import static dev.penstock.guarantees.GuaranteeAssert.assertLegal;
import static dev.penstock.guarantees.Histories.TEN;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EveryRepeatHasItsFaultTest {

    @Test
    void shouldAcceptARepeatOfACallThatWasOpenAtAKill() {
        assertLegal(
                this::guarantee,
                Histories.empty()
                        .sent(7, "q")
                        .call("call-1", "q", TEN, TEN.plusSeconds(2), Event.Ending.ABANDONED)
                        .killed(TEN.plusSeconds(1))
                        .call("call-2", "q", TEN.plusSeconds(3), Event.Ending.ANSWERED));
    }

    @Test
    void shouldAcceptARepeatOfACallWhoseOutcomeWasOnItsWay() {
        assertLegal(
                this::guarantee,
                Histories.empty()
                        .sent(7, "q")
                        .call("call-1", "q", TEN, TEN.plusSeconds(2), Event.Ending.ANSWERED)
                        .killed(TEN.plusMillis(2100))
                        .call("call-2", "q", TEN.plusSeconds(3), Event.Ending.ANSWERED));
    }

    @Test
    void shouldAcceptARepeatOfACallThatWasOnItsWayWhenItsProcessWasKilled() {
        assertLegal(
                this::guarantee,
                Histories.empty()
                        .sent(7, "q")
                        .killed(TEN)
                        .call("call-1", "q", TEN.plusMillis(200), TEN.plusSeconds(1), Event.Ending.ANSWERED)
                        .call("call-2", "q", TEN.plusSeconds(3), Event.Ending.ANSWERED));
    }

    @Test
    void shouldCatchARepeatOfACallThatStartedAfterTheKill() {
        assertIllegal(
                this::guarantee,
                Histories.empty()
                        .sent(7, "q")
                        .killed(TEN)
                        .call("call-1", "q", TEN.plusMillis(300), TEN.plusSeconds(1), Event.Ending.ANSWERED)
                        .call("call-2", "q", TEN.plusSeconds(3), Event.Ending.ANSWERED),
                "call-2 repeats call-1");
    }

    @Test
    void shouldAcceptANewTryAfterARefusal() {
        assertLegal(
                this::guarantee,
                Histories.empty()
                        .sent(7, "q")
                        .call("call-1", "q", TEN, Event.Ending.REFUSED)
                        .call("call-2", "q", TEN.plusSeconds(3), Event.Ending.ANSWERED));
    }

    @Test
    void shouldAcceptANewTryAfterAnAttemptThatBroughtNoAnswer() {
        assertLegal(
                this::guarantee,
                Histories.empty()
                        .sent(7, "q")
                        .call("call-1", "q", TEN, TEN.plusSeconds(1), Event.Ending.FAILED)
                        .call("call-2", "q", TEN.plusSeconds(2), TEN.plusSeconds(3), Event.Ending.ABANDONED)
                        .call("call-3", "q", TEN.plusSeconds(4), Event.Ending.ANSWERED));
    }

    @Test
    void shouldCatchANewTryBesideOneThatStillRuns() {
        assertIllegal(
                this::guarantee,
                Histories.empty()
                        .sent(7, "q")
                        .call("call-1", "q", TEN, TEN.plusSeconds(5), Event.Ending.ABANDONED)
                        .call("call-2", "q", TEN.plusSeconds(4), Event.Ending.ANSWERED),
                "call-2 repeats call-1");
    }

    @Test
    void shouldCatchARepeatWithoutFault() {
        assertIllegal(
                this::guarantee,
                Histories.empty()
                        .sent(7, "q")
                        .call("call-1", "q", TEN, Event.Ending.ANSWERED)
                        .call("call-2", "q", TEN.plusSeconds(3), Event.Ending.ANSWERED),
                "call-2 repeats call-1");
    }

    @Test
    void shouldCatchTwoRepeatsForOneFault() {
        assertIllegal(
                this::guarantee,
                Histories.empty()
                        .sent(7, "q")
                        .call("call-1", "q", TEN, TEN.plusSeconds(2), Event.Ending.ABANDONED)
                        .killed(TEN.plusSeconds(1))
                        .call("call-2", "q", TEN.plusSeconds(3), Event.Ending.ANSWERED)
                        .call("call-3", "q", TEN.plusSeconds(4), Event.Ending.ANSWERED),
                "call-3 repeats call-2");
    }

    @Test
    void shouldCatchARepeatOfACallThatHadEndedLongBeforeTheKill() {
        assertIllegal(
                this::guarantee,
                Histories.empty()
                        .sent(7, "q")
                        .call("call-1", "q", TEN, TEN.plusSeconds(2), Event.Ending.ANSWERED)
                        .killed(TEN.plusSeconds(10))
                        .call("call-2", "q", TEN.plusSeconds(12), Event.Ending.ANSWERED),
                "call-2 repeats call-1");
    }

    @Test
    void shouldCatchACallThatNobodyAskedFor() {
        assertIllegal(
                this::guarantee,
                Histories.empty().sent(7, "q").call("call-1", "other", TEN, Event.Ending.ANSWERED),
                "call-1 asks what no request asked");
    }

    private Guarantee guarantee() {
        return new EveryRepeatHasItsFault(Duration.ofSeconds(1));
    }
}
