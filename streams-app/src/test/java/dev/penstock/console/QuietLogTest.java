package dev.penstock.console;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** Whoever can reach the port must not be able to fill the log, or to write into it. */
@Isolated("it reads what this JVM logs")
class QuietLogTest {

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        root.addAppender(logged);
    }

    @AfterEach
    void stop() {
        root.detachAppender(logged);
    }

    @Test
    void shouldLogNothingOfHostileRequests() throws Exception {
        // Given
        List<String> requests = List.of(
                "nonsense\r\n\r\n",
                "GET /livez HTTP/1.1\r\nHost: a:b:c:d\r\n\r\n",
                "GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n",
                "POST /api/replay HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "POST /api/replay HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\n{",
                "GET /api/trace?id=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(50),
                "");

        // When
        try (ConsoleRig rig = ConsoleRig.start()) {
            rig.fill(20);
            for (String request : requests) {
                try (RawConnection reads = RawConnection.to(rig.port())) {
                    reads.sendIfOpen(request).endOutput().readToEnd();
                }
                RawConnection leaves = RawConnection.narrowTo(rig.port());
                leaves.sendIfOpen(request).close();
            }
        }

        // Then
        assertThat(logged.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEmpty();
    }
}
