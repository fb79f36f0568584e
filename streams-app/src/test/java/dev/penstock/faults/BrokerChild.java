package dev.penstock.faults;

import static org.awaitility.Awaitility.await;

import dev.penstock.embedded.BrokerMain;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A broker in a process of its own, that keeps its port and its data over kills. */
final class BrokerChild {

    static final String NAME = "broker";

    private static final String READY = "bootstrap.servers=";

    private final Children children;
    private final ChildSpec spec;
    private final int port = Ports.free();
    private Child current;

    private BrokerChild(Children children, Path data) {
        this.children = children;
        this.spec = new ChildSpec(
                NAME, BrokerMain.class, "400m", List.of(Integer.toString(port), data.toString()), Map.of());
        this.current = children.start(spec);
    }

    /** A broker that is on its way; {@link #awaitReady} waits for it. */
    static BrokerChild launch(Children children, Path data) {
        return new BrokerChild(children, data);
    }

    String bootstrap() {
        return "127.0.0.1:" + port;
    }

    void awaitReady() {
        await().atMost(Limits.START).until(() -> current.output().contains(READY));
    }

    void kill() {
        current.signal(Signal.KILL);
        int exit = current.awaitExit(Limits.START);
        if (exit == 0) {
            throw new IllegalStateException("broker: exit 0 after SIGKILL (expected: killed)");
        }
    }

    /** After {@link #kill}: the same port, the same data. */
    void startAgain() {
        current = children.start(spec);
    }
}
