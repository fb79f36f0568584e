package dev.penstock.guarantees;

import static dev.penstock.guarantees.GuaranteeAssert.assertIllegal;
import static dev.penstock.guarantees.GuaranteeAssert.assertLegal;

import org.junit.jupiter.api.Test;

class NothingLostTest {

    @Test
    void shouldAcceptAResultAndADeadLetter() {
        assertLegal(
                NothingLost::new,
                Histories.empty().sent(7, "q").sent(8, "r").deadLetter(7).result(8, "r"));
    }

    @Test
    void shouldAcceptASendThatNeverArrived() {
        assertLegal(NothingLost::new, Histories.empty().sentWithoutAnswer("q"));
    }

    @Test
    void shouldCatchARequestWithoutEnd() {
        assertIllegal(
                NothingLost::new,
                Histories.empty().sent(7, "q").sent(8, "r").result(8, "r"),
                "llm.requests-0-7 never ended");
    }

    @Test
    void shouldCatchASendWithoutAcknowledgementThatArrivedAndHasNoEnd() {
        assertIllegal(
                NothingLost::new,
                Histories.empty().sentWithoutAnswer("q").readAsRequest(8, "q"),
                "llm.requests-0-8 never ended");
    }
}
