package dev.penstock.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.config.ConsoleConfig;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsoleTest {

    private final ConsoleRig rig;

    ConsoleTest() throws ConsoleStartException {
        rig = ConsoleRig.start();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void shouldAnswerLiveWhileNotReady() throws Exception {
        // When
        HttpResponse<String> live = rig.get("/livez");
        HttpResponse<String> unready = rig.get("/readyz");

        // Then
        assertThat(live.statusCode()).isEqualTo(200);
        assertThat(live.body()).isEqualTo("ok\n");
        assertThat(unready.statusCode()).isEqualTo(503);
        assertThat(unready.body()).isEqualTo("not ok\n");
    }

    @Test
    void shouldListTheChecksWhenAskedTo() throws Exception {
        // Given
        rig.ready = true;

        // When
        HttpResponse<String> response = rig.get("/readyz?verbose");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("streams: RUNNING\nrestore: 0 records left\nok\n");
    }

    @Test
    void shouldServeTheRegistry() throws Exception {
        // Given
        rig.metrics.counter("penstock.things").increment(3);

        // When
        HttpResponse<String> response = rig.get("/metrics");

        // Then
        assertThat(response.body()).contains("penstock_things_total 3.0");
        assertThat(response.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
    }

    @Test
    void shouldTakeNothingButGetWhereNothingCanBeChanged() throws Exception {
        // When / Then
        assertThat(rig.post("/livez", "").statusCode()).isEqualTo(405);
        assertThat(rig.post("/api/state", "").statusCode()).isEqualTo(405);
        assertThat(rig.get("/nowhere").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldNameAPortThatIsTaken() {
        // Given
        ConsoleConfig taken = new ConsoleConfig("127.0.0.1", rig.port(), List.of(), null);

        // When / Then
        assertThatThrownBy(() -> Console.start(taken, rig.sources()))
                .isInstanceOf(ConsoleStartException.class)
                .hasMessageContaining("console: 127.0.0.1:" + rig.port() + " cannot be listened on");
    }
}
