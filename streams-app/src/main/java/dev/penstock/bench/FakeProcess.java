package dev.penstock.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /**
     * Starts it.
     *
     * @param text what it is to do
     * @param script the file that is made of it
     */
    static FakeProcess start(String text, Path script) throws IOException {
        Files.writeString(script, text);
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

    /** A count that it keeps of its calls: {@code received}, {@code open}, {@code most_open}. */
    long count(String name) throws IOException {
        try (InputStream counts = url.resolve("/calls").toURL().openStream()) {
            return JsonMapper.shared().readTree(counts).path(name).asLong(0);
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
