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
    void shouldHaveTheProbesAloneOnAPortOfTheirOwn() throws Exception {
        // When / Then
        assertThat(RawConnection.ask(rig.probesPort(), "/livez")).startsWith("HTTP/1.1 200");
        assertThat(RawConnection.ask(rig.probesPort(), "/readyz")).startsWith("HTTP/1.1 503");
        assertThat(RawConnection.ask(rig.probesPort(), "/readyz?verbose")).startsWith("HTTP/1.1 503");
        for (String path : List.of("/", "/metrics", "/api/state", "/console.js")) {
            assertThat(RawConnection.ask(rig.probesPort(), path)).startsWith("HTTP/1.1 404");
        }
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
        ConsoleConfig page = new ConsoleConfig("127.0.0.1", rig.port(), 0, List.of(), null);
        ConsoleConfig probes = new ConsoleConfig("127.0.0.1", 0, rig.probesPort(), List.of(), null);

        // When / Then
        assertThatThrownBy(() -> Console.start(page, rig.sources()))
                .isInstanceOf(ConsoleStartException.class)
                .hasMessageContaining("console.port: 127.0.0.1:" + rig.port() + " cannot be listened on");
        assertThatThrownBy(() -> Console.start(probes, rig.sources()))
                .isInstanceOf(ConsoleStartException.class)
                .hasMessageContaining("console.probes_port: 127.0.0.1:" + rig.probesPort() + " cannot be listened on")
                .hasMessageContaining("needs a console.port and a console.probes_port of its own");
    }
}
