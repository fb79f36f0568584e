package dev.penstock.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** All processes of one scenario. None outlives it, nor the JVM that runs the tests. */
final class Children implements AutoCloseable {

    private final Path directory;
    private final AtomicInteger runs = new AtomicInteger();
    private final List<Child> started = new CopyOnWriteArrayList<>();
    private boolean closed;
    private final Thread hook = new Thread(this::killAll, "kill-children");

    /**
     * @param directory where the logs go, one file for each run of a process
     */
    Children(Path directory) {
        this.directory = directory;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * @throws IllegalStateException once the scenario is over: a supervisor that is late must not start anything
     */
    synchronized Child start(ChildSpec spec) {
        if (closed) {
            throw new IllegalStateException(spec.name() + ": not started (expected: before the scenario's end)");
        }
        Path log = directory.resolve("%s-%02d.log".formatted(spec.name(), runs.incrementAndGet()));
        Child child = Child.start(spec, log);
        started.add(child);
        return child;
    }

    /** Every process that was started, those that have ended included. */
    List<Child> all() {
        return new ArrayList<>(started);
    }

    /** Whether the scenario is over and nothing may be started any more. */
    synchronized boolean areOver() {
        return closed;
    }

    @Override
    public void close() {
        killAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook is at work already, and there is nothing left for it.
        }
    }

    private synchronized void killAll() {
        closed = true;
        List<RuntimeException> failures = new ArrayList<>();
        for (Child child : started) {
            try {
                child.close();
            } catch (IllegalStateException stillThere) {
                failures.add(stillThere);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }
}
