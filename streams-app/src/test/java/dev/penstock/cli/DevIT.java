package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.embedded.OwnBroker;
import dev.penstock.fake.FakeProvider;
import dev.penstock.fake.FakeProviderSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dev} as a process: what it prints, and how it ends. */
@OwnBroker("dev starts a broker of its own")
class DevIT {

    private static final Path LAUNCHER = Path.of("../penstock").toAbsolutePath().normalize();
    private static final long PATIENCE_SECONDS = 120;
    private static final int STUCK_READERS = 60;
    private static final int ANSWERS_ASKED_FOR = 200;
    private static final String LINE =
            "{\"custom_id\":\"from-stdin\",\"body\":{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}}\n";

    @TempDir
    Path directory;

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
        assertThat(status(printed.get("probes") + "/readyz")).isEqualTo(200);
        end(dev);
    }

    @Test
    void shouldAnswerWhatIsSentAndKeepItAndEndInOrderWhileReadersOfThePageAreStuck() throws Exception {
        // Given
        Path config = Files.writeString(directory.resolve("dev.yaml"), """
                topics: {prefix: mine.}
                targets: {here: {}, there: {base_url: "http://127.0.0.1:9"}}
                tiers: {simple: {chain: here}, medium: {chain: [here, there]}, complex: {chain: here}}
                """);
        try (FakeProvider provider = FakeProvider.start(FakeProviderSettings.defaults())) {
            String[] options = {
                "--data", directory.resolve("data").toString(),
                "--provider-url", provider.baseUrl().toString(),
                "--config", config.toString(),
                "--kafka-port", "0",
                "--console-port", "0"
            };
            Process dev = dev(options);
            Map<String, String> printed = printed(dev);
            assertThat(printed.get("provider")).isEqualTo(provider.baseUrl().toString());
            assertThat(printed.get("target")).isEqualTo("there: http://127.0.0.1:9");
            String console = Objects.requireNonNull(printed.get("console"));
            List<Socket> stuck = readersThatDoNotRead(URI.create(console).getPort());

            // When
            Process send = client(config, printed, "send", "-");
            try (OutputStream lines = send.getOutputStream()) {
                lines.write(LINE.getBytes(StandardCharsets.UTF_8));
            }
            Process follow = client(config, printed, "results", "--follow");
            String result = follow.inputReader().readLine();
            follow.destroy();

            // Then
            assertThat(send.waitFor()).isZero();
            assertThat(result).contains("\"custom_id\":\"from-stdin\"");
            assertThat(provider.callLog().counts().received()).isEqualTo(1);
            assertThat(status(console + "/readyz")).isEqualTo(200);
            end(dev);
            for (Socket socket : stuck) {
                socket.close();
            }
            Process again = dev(options);
            Process kept = client(config, printed(again), "results");
            assertThat(kept.inputReader().readLine()).isEqualTo(result);
            assertThat(kept.waitFor()).isZero();
            end(again);
        }
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

    /** More than the console takes at once; each asks for far more than a socket holds, and reads nothing. */
    private static List<Socket> readersThatDoNotRead(int port) throws IOException {
        byte[] requests = "GET /uPlot.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                .repeat(ANSWERS_ASKED_FOR)
                .getBytes(StandardCharsets.US_ASCII);
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < STUCK_READERS; i++) {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.getOutputStream().write(requests);
            sockets.add(socket);
        }
        return sockets;
    }

    private static Process dev(String... options) throws IOException {
        return launcher(Stream.concat(Stream.of("dev"), Stream.of(options)).toArray(String[]::new));
    }

    private static Process client(Path config, Map<String, String> printed, String... words) throws IOException {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--config", config.toString(), "--bootstrap-servers"));
        line.add(Objects.requireNonNull(printed.get("kafka")));
        return launcher(line.toArray(String[]::new));
    }

    private static void end(Process dev) throws InterruptedException {
        dev.destroy();
        assertThat(dev.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(dev.exitValue()).isZero();
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
