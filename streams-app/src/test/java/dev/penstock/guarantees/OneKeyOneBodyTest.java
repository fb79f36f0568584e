package dev.penstock.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OneKeyOneBodyTest {

    private final OneKeyOneBody guarantee = new OneKeyOneBody();

    @Test
    void shouldAcceptARepeatAndAnotherBodyUnderAnotherKey() {
        assertThat(judge(call("1", "q.a", "A"), call("2", "q.a", "A"), call("3", "q.b", "B")))
                .isEmpty();
    }

    @Test
    void shouldAcceptTheSameBodyOfAnotherCall() {
        assertThat(judge(call("1", "q.a", "A"), call("2", "r.a", "A"))).isEmpty();
    }

    @Test
    void shouldCatchAnotherBodyUnderTheSameKey() {
        assertThat(judge(call("1", "q", "A"), call("2", "q", "B")))
                .extracting(Violation::what)
                .containsExactly("2 sent another body under a key that was sent before");
    }

    @Test
    void shouldCatchARepeatUnderAnotherKey() {
        assertThat(judge(call("1", "q.a", "A"), call("2", "q.b", "A")))
                .extracting(Violation::what)
                .containsExactly("2 sent a body again under another key");
    }

    private List<Violation> judge(Event.ProviderCall... calls) {
        for (Event.ProviderCall call : calls) {
            guarantee.onCalled(call);
        }
        return guarantee.check();
    }

    private static Event.ProviderCall call(String id, String key, String body) {
        return new Event.ProviderCall(id, key, "", body, Histories.TEN, null, Event.Ending.ANSWERED);
    }
}
