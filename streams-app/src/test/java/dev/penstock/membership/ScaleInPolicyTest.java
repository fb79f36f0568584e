package dev.penstock.membership;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleInPolicyTest {

    @ParameterizedTest
    @CsvSource({
        // ordinal, replicas, first ordinal, being deleted, leaves
        "0, 3, 0, false, false",
        "2, 3, 0, false, false",
        "3, 3, 0, false, true",
        "7, 3, 0, false, true",
        "0, 0, 0, false, true",
        "5, 2, 5, false, false",
        "6, 2, 5, false, false",
        "7, 2, 5, false, true",
        "4, 2, 5, false, true",
        "0, 3, 0, true, true",
        "999999999, 2147483647, 2147483647, false, true",
    })
    void shouldLeaveOnlyWhatIsNotWantedAnyMore(int ordinal, int replicas, int first, boolean deleted, boolean leaves) {
        // When
        ScaleIn decided = ScaleInPolicy.decide(
                new PodName("penstock", ordinal), new StatefulSetLook.Present(replicas, first, deleted));

        // Then
        assertThat(decided).isInstanceOf(leaves ? ScaleIn.Leaves.class : ScaleIn.Stays.class);
        assertThat(decided.why()).contains("penstock");
    }

    @Test
    void shouldLeaveWhenNothingIsLeftAndStayInDoubt() {
        PodName pod = new PodName("penstock", 1);
        assertThat(ScaleInPolicy.decide(pod, new StatefulSetLook.Gone())).isInstanceOf(ScaleIn.Leaves.class);
        assertThat(ScaleInPolicy.decide(pod, new StatefulSetLook.Unknown("no answer")))
                .isEqualTo(new ScaleIn.Stays("no answer"));
    }

    @Test
    void shouldKnowTheNamesOfPods() {
        assertThat(PodName.read("penstock-12")).contains(new PodName("penstock", 12));
        assertThat(PodName.read("a-1-0")).contains(new PodName("a-1", 0));
        assertThat(PodName.read("penstock")).isEmpty();
        assertThat(PodName.read("../secrets/x-1")).isEmpty();
        assertThat(PodName.read("penstock-5d9c7b4f6-x2x7k")).isEmpty();
        assertThat(PodName.read("penstock-99999999999")).isEmpty();
        assertThat(PodName.read("")).isEmpty();
    }
}
