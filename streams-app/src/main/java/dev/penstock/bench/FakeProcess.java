package dev.penstock.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fake provider as a process of its own.
 *
 * @param process to end it by
 * @param url where it listens
 */
record FakeProcess(Process process, URI url) implements AutoCloseable {

    private static final String PROGRAM = "dev.penstock.cli.Main";
    private static final String ANNOUNCEMENT = "fake provider on ";

    static FakeProcess start(Duration latency, Path script) throws IOException {
        Files.writeString(script, "latency: " + latency.toMillis() + "ms\n");
        Process process = new ProcessBuilder(
                        ChildJvm.command(PROGRAM, List.of("fake-provider", "--script", script.toString())))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null || !line.startsWith(ANNOUNCEMENT)) {
            process.destroy();
            throw new IOException("the fake provider's process did not start");
        }
        return new FakeProcess(process, URI.create(line.substring(ANNOUNCEMENT.length())));
    }

    long mostOpenCalls() throws IOException {
        try (InputStream counts = url.resolve("/calls").toURL().openStream()) {
            return JsonMapper.shared().readTree(counts).path("most_open").asLong(0);
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
