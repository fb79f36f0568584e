package dev.penstock.console;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.config.SecretRef;
import dev.penstock.provider.TargetView;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that ask and do not read, and more of them than there is room for. */
class SlowClientsTest {

    private static final int CLIENTS = 70;
    private static final String TOKEN = "a-token-of-24-characters";

    @TempDir
    Path directory;

    @Test
    void shouldAnswerOthersWhileClientsDoNotRead() throws Exception {
        // Given
        List<Socket> sockets = new ArrayList<>();
        try (ConsoleRig rig = ConsoleRig.startImpatient(Duration.ofMinutes(5))) {
            rig.fill(60);

            // When
            for (int i = 0; i < CLIENTS; i++) {
                sockets.add(askedAndNotRead(rig.port()));
            }

            // Then
            await("answers that are made").until(() -> rig.get("/metrics").statusCode() == 200);
            assertThat(rig.get("/api/state").statusCode()).isEqualTo(200);
            assertThat(rig.get("/livez").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void shouldEndAnAnswerThatNobodyReads() throws Exception {
        // Given
        try (ConsoleRig rig = ConsoleRig.startImpatient(Duration.ofSeconds(1));
                RawConnection client = RawConnection.narrowTo(rig.port())) {
            rig.fill(60);

            // When
            client.get("/metrics");

            // Then
            await("an end without a read").until(() -> !client.takes("x"));
        }
    }

    @Test
    void shouldHaveRoomAgainAfterAnswersThatEndedInAnError() throws Exception {
        // Given
        try (ConsoleRig rig = ConsoleRig.startImpatient(Duration.ofMinutes(5))) {
            rig.targets = new Starved();

            // When
            for (int i = 0; i < CLIENTS; i++) {
                assertThat(RawConnection.ask(rig.port(), "/api/state")).startsWith("HTTP/1.1 500");
            }

            // Then
            rig.targets = List.of();
            assertThat(rig.get("/api/state").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void shouldHaveRoomAgainAfterBodiesThatNeverCame() throws Exception {
        // Given
        List<RawConnection> clients = new ArrayList<>();
        Path token = Files.writeString(directory.resolve("token"), TOKEN);
        try (ConsoleRig rig = ConsoleRig.startImpatient(new SecretRef.File(token), Duration.ofSeconds(1))) {
            // When
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(RawConnection.to(rig.port())
                        .send("POST /api/replay/plan HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                + "Authorization: Bearer " + TOKEN + "\r\nContent-Length: 100\r\n\r\n{"));
            }

            // Then
            await("no room for more").until(() -> rig.get("/api/state").statusCode() == 503);
            await("room again").until(() -> rig.get("/api/state").statusCode() == 200);
        } finally {
            for (RawConnection client : clients) {
                client.close();
            }
        }
    }

    @Test
    void shouldReadTopicsForOneAtATime() throws Exception {
        // Given
        try (ConsoleRig rig = ConsoleRig.startImpatient(Duration.ofSeconds(2))) {
            CountDownLatch never = new CountDownLatch(1);
            rig.topics.held = never;
            try (Socket first = asked(rig.port(), "/api/trace?id=a")) {
                rig.topics.reading.await();

                // When / Then
                assertThat(rig.get("/api/trace?id=b").statusCode()).isEqualTo(503);
                assertThat(rig.get("/api/state").statusCode()).isEqualTo(200);
                rig.topics.held = null;
                await("the first was ended")
                        .until(() -> rig.get("/api/trace?id=c").statusCode() == 200);
                assertThat(first.isConnected()).isTrue();
            }
        }
    }

    /** Targets that there is no memory for. */
    private static final class Starved extends AbstractList<TargetView> {

        @Override
        public TargetView get(int index) {
            throw new OutOfMemoryError("scripted");
        }

        @Override
        public int size() {
            return 1;
        }
    }

    /** A small window fills at once. */
    private static Socket askedAndNotRead(int port) throws Exception {
        return asked(port, "/metrics");
    }

    private static Socket asked(int port, String path) throws Exception {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").getBytes(US_ASCII));
        return socket;
    }
}
