package dev.penstock.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.config.SecretRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More connections than there is room for, held by clients that ask for nothing, for half of something, or for too much. */
class HostileClientsTest {

    private static final int MANY = 300;
    private static final int SCRAPERS = 60;
    private static final int PIPELINED = 20;
    private static final String SCRAPE = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static final String TOKEN = "a-token-of-24-characters";
    private static final String HEAD_OF_A_LONG_BODY =
            "POST /api/replay/plan HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Authorization: Bearer " + TOKEN + "\r\nContent-Length: 60000\r\n\r\n";

    @TempDir
    Path directory;

    private final List<RawConnection> held = new ArrayList<>();

    /** What each of them does once it is connected. */
    enum Crowd {
        SILENT(MANY, ""),
        HALF_A_HEAD(MANY, "GET /livez HTTP/1.1\r\nHost: localh"),
        ANSWERED_AND_NOT_CLOSED(MANY, "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
        SCRAPING_WITHOUT_READING(SCRAPERS, SCRAPE.repeat(PIPELINED)),
        PROBING_WITHOUT_READING(MANY, "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(500));

        final int clients;
        final String sends;

        Crowd(int clients, String sends) {
            this.clients = clients;
            this.sends = sends;
        }
    }

    @AfterEach
    void leave() throws IOException {
        for (RawConnection connection : held) {
            connection.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldAnswerProbesOnTheConsolesPortWhateverOthersHold(Crowd crowd) throws Exception {
        // Given
        try (ConsoleRig rig = ConsoleRig.start()) {
            come(crowd, rig, rig.port());

            // When
            String answer = RawConnection.ask(rig.port(), "/livez");

            // Then
            assertThat(answer).startsWith("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldAnswerProbesOnTheirOwnPortWhateverTheConsoleIsAsked(Crowd crowd) throws Exception {
        // Given
        try (ConsoleRig rig = ConsoleRig.start()) {
            come(crowd, rig, rig.port());

            // When
            String answer = RawConnection.ask(rig.probesPort(), "/livez");

            // Then
            assertThat(answer).startsWith("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldAnswerProbesOnTheirOwnPortWhateverOthersHoldThere(Crowd crowd) throws Exception {
        // Given
        try (ConsoleRig rig = ConsoleRig.start()) {
            come(crowd, rig, rig.probesPort());

            // When
            String answer = RawConnection.ask(rig.probesPort(), "/livez");

            // Then
            assertThat(answer).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void shouldEndTheOldestWithoutARequestWhenThereIsNoRoom() throws Exception {
        // Given
        try (ConsoleRig rig = ConsoleRig.startImpatient(Duration.ofMinutes(5))) {
            // When
            for (int i = 0; i < MANY; i++) {
                hold(RawConnection.to(rig.port()));
            }

            // Then
            assertThat(held.getFirst().readToEnd()).isEmpty();
            assertThat(held.getLast().get("/livez").readHead()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void shouldEndAConnectionThatItSaidToClose() throws Exception {
        // Given
        try (ConsoleRig rig = ConsoleRig.startImpatient(Duration.ofSeconds(2))) {
            RawConnection client = hold(RawConnection.to(rig.port()));

            // When
            client.send("GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

            // Then
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200").endsWith("ok\n");
        }
    }

    @Test
    void shouldEndAConnectionWhoseClientEndedItsSide() throws Exception {
        // Given
        try (ConsoleRig rig = ConsoleRig.start()) {
            RawConnection silent = hold(RawConnection.to(rig.port()));
            RawConnection asked = hold(RawConnection.to(rig.port()));

            // When
            silent.endOutput();
            asked.get("/livez").endOutput();

            // Then
            assertThat(silent.readToEnd()).isEmpty();
            assertThat(asked.readToEnd()).endsWith("ok\n");
        }
    }

    @Test
    void shouldEndAConnectionWhoseHeadIsNotCompleteInTime() throws Exception {
        // Given
        try (ConsoleRig rig = ConsoleRig.startImpatient(Duration.ofSeconds(1))) {
            RawConnection silent = hold(RawConnection.to(rig.port()));
            RawConnection dripping = hold(RawConnection.to(rig.port()));
            dripping.send("GET /livez HTTP/1.1\r\nX-Drip: ");

            // When / Then
            await("a head that never ends").until(() -> dripping.sendIfOpen("x").hasEnded());
            assertThat(silent.readToEnd()).isEmpty();
        }
    }

    @Test
    void shouldEndAKeptConnectionOnWhichNothingIsAskedAnyMore() throws Exception {
        // Given
        try (ConsoleRig rig = ConsoleRig.startImpatient(Duration.ofSeconds(1))) {
            RawConnection kept = hold(RawConnection.to(rig.port()));

            // When
            kept.get("/livez").readHead();

            // Then
            assertThat(kept.readToEnd()).isEmpty();
        }
    }

    @Test
    void shouldEndABodyThatDripsInTime() throws Exception {
        // Given
        try (ConsoleRig rig = ConsoleRig.startImpatient(token(), Duration.ofSeconds(1))) {
            RawConnection dripping = hold(RawConnection.to(rig.port())).send(HEAD_OF_A_LONG_BODY);

            // When / Then
            await("a body that never ends").until(() -> dripping.sendIfOpen("x").hasEnded());
        }
    }

    @Test
    void shouldHoldNoThreadForBodiesThatDoNotCome() throws Exception {
        // Given
        try (ConsoleRig rig = ConsoleRig.startWithToken(token())) {
            for (int i = 0; i < 40; i++) {
                hold(RawConnection.to(rig.port())).send(HEAD_OF_A_LONG_BODY);
            }

            // When / Then
            assertThat(RawConnection.ask(rig.port(), "/api/state")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void shouldHaveRoomForProbesAndScrapesWhateverIsInTheMaking() throws Exception {
        // Given
        try (ConsoleRig rig = ConsoleRig.startWithToken(token())) {
            for (int i = 0; i < SCRAPERS; i++) {
                hold(RawConnection.to(rig.port())).send(HEAD_OF_A_LONG_BODY);
            }

            // When
            await("no room for more").until(() -> rig.get("/api/state").statusCode() == 503);

            // Then
            assertThat(rig.get("/api/state").headers().firstValue("retry-after"))
                    .hasValue("1");
            assertThat(rig.get("/metrics").statusCode()).isEqualTo(200);
            assertThat(rig.get("/livez").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void shouldRenderOnceForAllWhoScrapeWithinASecond() throws Exception {
        // Given
        AtomicInteger renders = new AtomicInteger();
        try (ConsoleRig rig = ConsoleRig.start()) {
            rig.metrics.gauge("penstock.renders", renders, AtomicInteger::incrementAndGet);
            rig.stopClock();

            // When
            for (int i = 0; i < 5; i++) {
                hold(RawConnection.to(rig.port())).send(SCRAPE.repeat(PIPELINED));
            }

            // Then
            for (RawConnection scraper : held) {
                for (int i = 0; i < PIPELINED; i++) {
                    assertThat(scraper.readHead()).startsWith("HTTP/1.1 200");
                }
            }
            assertThat(renders.get()).isEqualTo(1);
        }
    }

    private void come(Crowd crowd, ConsoleRig rig, int port) throws IOException {
        rig.fill(60);
        for (int i = 0; i < crowd.clients; i++) {
            hold(RawConnection.narrowTo(port)).sendIfOpen(crowd.sends);
        }
    }

    private SecretRef token() throws IOException {
        return new SecretRef.File(Files.writeString(directory.resolve("token"), TOKEN));
    }

    private RawConnection hold(RawConnection connection) {
        held.add(connection);
        return connection;
    }
}
