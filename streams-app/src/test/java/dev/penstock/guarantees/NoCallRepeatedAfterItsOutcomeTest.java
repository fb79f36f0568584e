package dev.penstock.guarantees;

import static dev.penstock.guarantees.GuaranteeAssert.assertIllegal;
import static dev.penstock.guarantees.GuaranteeAssert.assertLegal;
import static dev.penstock.guarantees.Histories.TEN;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NoCallRepeatedAfterItsOutcomeTest {

    @Test
    void shouldAcceptOneCallWithOneOutcome() {
        assertLegal(
                this::guarantee,
                Histories.empty()
                        .sent(7, "q")
                        .call("call-1", "q", TEN, Event.Ending.ANSWERED)
                        .answeredOutcome(7, "call-1", TEN.plusSeconds(1)));
    }

    @Test
    void shouldAcceptARepeatOfACallThatLeftNoOutcome() {
        assertLegal(
                this::guarantee,
                Histories.empty()
                        .sent(7, "q")
                        .call("call-1", "q", TEN, Event.Ending.ABANDONED)
                        .call("call-2", "q", TEN.plusSeconds(5), Event.Ending.ANSWERED)
                        .answeredOutcome(7, "call-2", TEN.plusSeconds(6)));
    }

    @Test
    void shouldAcceptACallThatWasDecidedBeforeTheOutcomeWasAppended() {
        assertLegal(
                this::guarantee,
                Histories.empty()
                        .sent(7, "q")
                        .call("call-1", "q", TEN, Event.Ending.ANSWERED)
                        .answeredOutcome(7, "call-1", TEN.plusSeconds(1))
                        .call("call-2", "q", TEN.plusMillis(1200), Event.Ending.ANSWERED));
    }

    @Test
    void shouldAcceptARepeatAfterAFailureThatMayBeRetried() {
        assertLegal(
                this::guarantee,
                Histories.empty()
                        .sent(7, "q")
                        .call("call-1", "q", TEN, Event.Ending.REFUSED)
                        .outcome(7, "\"kind\":\"failed\",\"failure\":{\"class\":\"transient\"}", TEN.plusSeconds(1))
                        .call("call-2", "q", TEN.plusSeconds(60), Event.Ending.ANSWERED));
    }

    @Test
    void shouldCatchACallAfterItsAnswerWasAppended() {
        assertIllegal(
                this::guarantee,
                Histories.empty()
                        .sent(7, "q")
                        .call("call-1", "q", TEN, Event.Ending.ANSWERED)
                        .answeredOutcome(7, "call-1", TEN.plusSeconds(1))
                        .call("call-2", "q", TEN.plusSeconds(3), Event.Ending.ANSWERED),
                "call-2 started at");
    }

    @Test
    void shouldCatchACallAfterAFinalFailure() {
        assertIllegal(
                this::guarantee,
                Histories.empty()
                        .sent(7, "q")
                        .call("call-1", "q", TEN, Event.Ending.REFUSED)
                        .outcome(7, "\"kind\":\"failed\",\"failure\":{\"class\":\"permanent\"}", TEN.plusSeconds(1))
                        .call("call-2", "q", TEN.plusSeconds(3), Event.Ending.REFUSED),
                "call-2 started at");
    }

    private Guarantee guarantee() {
        return new NoCallRepeatedAfterItsOutcome(Duration.ofMillis(500));
    }
}
