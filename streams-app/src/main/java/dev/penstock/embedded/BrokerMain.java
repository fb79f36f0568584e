package dev.penstock.embedded;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A broker as a process of its own: {@code BrokerMain PORT [DATA_DIR]}. Prints {@code bootstrap.servers=HOST:PORT} on stdout when it takes
 * requests. SIGTERM stops it in order; kill -9 does not, and the next start on the same directory and port recovers.
 */
public final class BrokerMain {

    static final String READY = "bootstrap.servers=";
    private static final int USAGE = 2;

    private BrokerMain() {}

    public static void main(String[] args) throws InterruptedException {
        PrintStream out = System.out;
        try {
            Path dataDir = args.length > 1 ? Path.of(args[1]) : null;
            EmbeddedBroker broker = EmbeddedBroker.start(new BrokerSettings(Integer.parseInt(args[0]), dataDir));
            Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-shutdown"));
            out.println(READY + broker.bootstrapServers());
            out.flush();
            new CountDownLatch(1).await();
        } catch (BrokerStartException failed) {
            System.err.println(failed.getMessage());
            System.exit(1);
        } catch (RuntimeException usage) {
            System.err.println("usage: PORT [DATA_DIR]");
            System.exit(USAGE);
        }
    }
}
