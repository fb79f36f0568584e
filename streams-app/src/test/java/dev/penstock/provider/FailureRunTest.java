package dev.penstock.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailureRunTest {

    private final FailureRun run = new FailureRun();

    private long[] begin(int calls) {
        long[] numbers = new long[calls];
        for (int i = 0; i < calls; i++) {
            numbers[i] = run.begins();
        }
        return numbers;
    }

    @Test
    void shouldCountFailuresInTheOrderInWhichTheirCallsBegan() {
        // Given
        long[] calls = begin(5);

        // When / Then
        assertThat(run.failed(calls[4])).isEqualTo(1);
        assertThat(run.failed(calls[0])).isEqualTo(1);
        assertThat(run.failed(calls[3])).isEqualTo(2);
        assertThat(run.failed(calls[1])).isEqualTo(2);
        assertThat(run.failed(calls[2])).isEqualTo(5);
    }

    @Test
    void shouldNotCountAcrossACallThatRuns() {
        // Given
        long[] calls = begin(3);
        run.failed(calls[0]);

        // When / Then
        assertThat(run.failed(calls[2])).isEqualTo(1);
    }

    @Test
    void shouldCountAcrossACallThatSaysNothing() {
        // Given
        long[] calls = begin(4);
        run.failed(calls[0]);
        run.skip(calls[1]);
        run.skip(calls[2]);

        // When / Then
        assertThat(run.failed(calls[3])).isEqualTo(2);
    }

    @Test
    void shouldBeginAnewWithCallsThatBeganAfterASuccess() {
        // Given
        long[] before = begin(3);
        run.failed(before[0]);
        run.succeeded();

        // When / Then
        assertThat(run.failed(before[1])).as("began before the success").isZero();
        run.skip(before[2]);
        assertThat(run.failed(run.begins())).isEqualTo(1);
    }
}
