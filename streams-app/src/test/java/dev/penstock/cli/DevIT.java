package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code dev} as a process: what it prints, and how it ends. */
class DevIT {

    private static final Path LAUNCHER = Path.of("../penstock").toAbsolutePath().normalize();
    private static final long PATIENCE_SECONDS = 120;

    /** The first command after a build says that it prepares a fast start; what the tests read is what every later one says. */
    @BeforeAll
    static void prepare() throws Exception {
        Process version = launcher("--version");
        assertThat(version.waitFor()).isZero();
    }

    @Test
    void shouldPrintWhatItTookBeReadyAndEndInOrderOnSigterm() throws Exception {
        // Given
        Process dev = dev("--kafka-port", "0", "--console-port", "0");

        // When
        Map<String, String> printed = printed(dev);

        // Then
        assertThat(printed.get("kafka")).startsWith("127.0.0.1:");
        assertThat(printed.get("provider")).endsWith("(fake)");
        assertThat(status(printed.get("console") + "/readyz")).isEqualTo(200);
        dev.destroy();
        assertThat(dev.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(dev.exitValue()).isZero();
    }

    @Test
    void shouldNameAPortThatIsInUse() throws Exception {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // When
            Process dev = dev("--kafka-port", Integer.toString(taken.getLocalPort()), "--console-port", "0");

            // Then
            assertThat(dev.waitFor()).isEqualTo(1);
            assertThat(new String(dev.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("kafka port: " + taken.getLocalPort()
                            + " is in use on 127.0.0.1 (expected: a free port, or 0 for any)\n");
        }
    }

    private static Process dev(String... options) throws IOException {
        return launcher(Stream.concat(Stream.of("dev"), Stream.of(options)).toArray(String[]::new));
    }

    private static Process launcher(String... words) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(LAUNCHER.toString());
        builder.command().addAll(List.of(words));
        builder.environment().put("PENSTOCK_LAUNCHER", "nobuild");
        return builder.start();
    }

    private static Map<String, String> printed(Process dev) throws IOException {
        BufferedReader out = new BufferedReader(new InputStreamReader(dev.getInputStream(), StandardCharsets.UTF_8));
        Map<String, String> printed = new HashMap<>();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            String[] words = line.split("\\s+", 2);
            printed.put(words[0], words[1]);
            if (words[0].equals("ready")) {
                break;
            }
        }
        assertThat(printed).containsKey("ready");
        return printed;
    }

    private static int status(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
