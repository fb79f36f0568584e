package dev.penstock.guarantees;

import static dev.penstock.guarantees.GuaranteeAssert.assertIllegal;
import static dev.penstock.guarantees.GuaranteeAssert.assertLegal;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OneTerminalPerRequestTest {

    @Test
    void shouldAcceptOneResultReadTwice() {
        assertLegal(
                OneTerminalPerRequest::new,
                Histories.empty().sent(7, "q").result(7, "q").again());
    }

    @Test
    void shouldAcceptAnEndOfASendWhoseAcknowledgementNeverCame() {
        assertLegal(
                OneTerminalPerRequest::new,
                Histories.empty().sentWithoutAnswer("q").result(7, "q"));
    }

    @Test
    void shouldCatchTwoResults() {
        assertIllegal(
                OneTerminalPerRequest::new,
                Histories.empty().sent(7, "q").result(7, "q").result(7, "q"),
                "llm.requests-0-7 ended at");
    }

    @Test
    void shouldCatchAResultAndADeadLetter() {
        assertIllegal(
                OneTerminalPerRequest::new,
                Histories.empty().sent(7, "q").deadLetter(7).result(7, "q"),
                "llm.requests-0-7 ended at");
    }

    @Test
    void shouldCatchAnEndOfWhatNobodySent() {
        assertIllegal(
                OneTerminalPerRequest::new,
                Histories.empty().sent(7, "q").result(7, "q").result(9, "q"),
                "llm.requests-0-9, which nobody sent");
    }

    @Test
    void shouldCatchAResultUnderTheNameOfAnotherRequest() {
        assertIllegal(
                OneTerminalPerRequest::new,
                Histories.empty().sent(7, "q").result(7, "other"),
                "custom_id of another request");
    }

    @Test
    void shouldCatchARecordThatIsNoResult() {
        assertIllegal(
                OneTerminalPerRequest::new,
                Histories.empty()
                        .observed(
                                Role.RESULTS,
                                new Position("llm.results", 0, 1),
                                Histories.TEN,
                                new Message("a", "{}", Map.of())),
                "is no terminal");
    }
}
