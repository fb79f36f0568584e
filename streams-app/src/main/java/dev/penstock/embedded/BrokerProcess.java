package dev.penstock.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A broker in a child process, to be killed and started again on the same port and data. */
public final class BrokerProcess implements AutoCloseable {

    private static final long STOP_SECONDS = 30;

    private final Process process;
    private final String bootstrapServers;

    private BrokerProcess(Process process, String bootstrapServers) {
        this.process = process;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Returns when the broker takes requests. Its log goes to this process's stderr.
     *
     * @param port 0 for any free one
     * @param dataDir kept
     * @throws BrokerStartException when it ends before it is ready
     */
    public static BrokerProcess start(int port, Path dataDir) throws BrokerStartException {
        try {
            Process process = new ProcessBuilder(command(port, dataDir))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new BrokerProcess(process, awaitReady(process));
        } catch (IOException failed) {
            throw new BrokerStartException("broker process: cannot be started", failed);
        }
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    public int port() {
        return Integer.parseInt(bootstrapServers.substring(bootstrapServers.indexOf(':') + 1));
    }

    /** The process, for signals. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** SIGKILL: nothing is flushed, nothing is said goodbye to. Returns when it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM, and SIGKILL if that takes too long. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> command(int port, Path dataDir) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerMain.class.getName(),
                Integer.toString(port),
                dataDir.toString());
    }

    private static String awaitReady(Process process) throws IOException, BrokerStartException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(BrokerMain.READY)) {
                return line.substring(BrokerMain.READY.length());
            }
        }
        throw new BrokerStartException("broker process: ended before it was ready");
    }
}
