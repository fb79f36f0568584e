package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LogAuditTest {

    private static final String LOG = """
            10:00:00 INFO  started
            10:00:01 ERROR o.a.k.clients: broker is gone
            10:00:02 ERROR dev.penstock: boom
            """;

    @Test
    void shouldFindErrorLines() {
        assertThat(new LogAudit().unexpected("app", "app", LOG)).hasSize(2);
    }

    @Test
    void shouldLeaveOutWhatIsAllowed() {
        LogAudit audit = new LogAudit().allow("broker is gone", "the scenario stops the broker");

        assertThat(audit.unexpected("app", "app", LOG)).containsExactly("app: 10:00:02 ERROR dev.penstock: boom");
    }

    @Test
    void shouldFindErrorsInStructuredLogs() {
        assertThat(new LogAudit().unexpected("app", "app", "{\"level\":\"ERROR\",\"message\":\"boom\"}"))
                .hasSize(1);
    }

    @Test
    void shouldRefuseAnAllowanceWithoutReason() {
        assertThatThrownBy(() -> new LogAudit().allow("x", " ")).hasMessageContaining("because");
    }

    @Test
    void shouldNotLookAtAProcessThatIsLeftOut() {
        // Given
        LogAudit audit = new LogAudit().leaveOut("broker", "it is killed");

        // When / Then
        assertThat(audit.unexpected("broker", "broker-01.log", LOG)).isEmpty();
        assertThat(audit.unexpected("app", "app-02.log", LOG)).hasSize(2);
    }
}
