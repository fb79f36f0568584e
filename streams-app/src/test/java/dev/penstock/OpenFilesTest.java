package dev.penstock;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OpenFilesTest {

    @Test
    void shouldNameTheLimitThatIsTooLow() {
        // When / Then
        assertThatThrownBy(() -> OpenFiles.check(1_779, 1_000, 12))
                .isInstanceOf(StartupException.class)
                .hasMessage("open files limit: 1779 (expected: at least 1780 for dispatch.permits=1000 and"
                        + " topics.partitions=12; raise it with ulimit -n, or lower dispatch.permits)");
    }

    @Test
    void shouldPassALimitThatIsJustEnough() {
        // When / Then
        assertThatCode(() -> OpenFiles.check(1_780, 1_000, 12)).doesNotThrowAnyException();
    }
}
