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

    @Test
    void shouldFindACauseThatIsToldOfMoreThanOnceAMinute() {
        // Given
        String away = """
                ts=2026-01-01T10:00:00.000000000Z level=WARN logger=NetworkClient msg="[Producer clientId=a-1] Node -1 is gone"
                ts=2026-01-01T10:00:59.900000000Z level=WARN logger=NetworkClient msg="[Producer clientId=a-2] Node 1 is gone" suppressed=7
                """;
        String later = """
                ts=2026-01-01T10:01:59.900000000Z level=WARN logger=NetworkClient msg="[Producer clientId=a-1] Node 2 is gone"
                """;

        // When / Then
        assertThat(new LogAudit().repeated("app", "app", away))
                .singleElement()
                .asString()
                .startsWith("app: 2 lines within 1 min: level=WARN logger=NetworkClient");
        assertThat(new LogAudit().repeated("app", "app", away + later)).hasSize(1);
        assertThat(new LogAudit()
                        .repeated("app", "app", away.lines().findFirst().orElseThrow() + "\n" + later))
                .isEmpty();
    }

    @Test
    void shouldKeepCausesApartThatTheProgramTellsOfByName() {
        // Given
        String sources = """
                ts=2026-01-01T10:00:00.000000000Z level=WARN logger=ValvedSources msg="no position is known" source=outcomes-4
                ts=2026-01-01T10:00:00.000000000Z level=WARN logger=ValvedSources msg="no position is known" source=outcomes-5
                ts=2026-01-01T10:00:01.000000000Z level=INFO logger=Main msg="ready"
                ts=2026-01-01T10:00:02.000000000Z level=INFO logger=Main msg="ready"
                """;

        // When / Then
        assertThat(new LogAudit().repeated("app", "app", sources)).isEmpty();
    }
}
