package dev.penstock.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A process that is started again whenever it ends with another code than 0, as a service manager does. */
final class Supervised implements AutoCloseable {

    private static final Duration FOREVER = Duration.ofDays(1);

    private final Children children;
    private final ChildSpec spec;
    private final List<Integer> exits = new ArrayList<>();
    private boolean stopped;
    private Child current;

    private Supervised(Children children, ChildSpec spec) {
        this.children = children;
        this.spec = spec;
        this.current = children.start(spec);
    }

    static Supervised start(Children children, ChildSpec spec) {
        Supervised supervised = new Supervised(children, spec);
        supervised.watch(supervised.current());
        return supervised;
    }

    synchronized Child current() {
        return current;
    }

    /** The codes with which it has ended up to now; 128 and the signal's number for a signal. */
    synchronized List<Integer> exits() {
        return List.copyOf(exits);
    }

    void signal(Signal signal) {
        current().signal(signal);
    }

    /** From now on its end is final. */
    synchronized void stopRestarting() {
        stopped = true;
    }

    /** Starts it after an end that was final. */
    synchronized void startAgain() {
        stopped = false;
        current = children.start(spec);
        watch(current);
    }

    @Override
    public void close() {
        stopRestarting();
        current().close();
    }

    private void watch(Child child) {
        Thread.ofPlatform().daemon().name("supervise-" + child.name()).start(() -> ended(child.awaitExit(FOREVER)));
    }

    private synchronized void ended(int exit) {
        exits.add(exit);
        if (!stopped && exit != 0 && !children.areOver()) {
            current = children.start(spec);
            watch(current);
        }
    }
}
