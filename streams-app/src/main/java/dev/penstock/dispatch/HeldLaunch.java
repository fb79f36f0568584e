package dev.penstock.dispatch;

import dev.penstock.work.RequestId;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A launch in the hands of the runner, with its permit. There may be two of the same number for a moment: one whose
 * transaction is rolled back, and one of the thread that took the task over.
 */
final class HeldLaunch {

    /** Which dispatch of which call. */
    record Dispatch(RequestId id, int number) {
        static Dispatch of(Launch launch) {
            return new Dispatch(launch.ticket().id(), launch.number());
        }
    }

    private enum Stage {
        PREPARED,
        RUNNING,
        WRITTEN,
        ABANDONED
    }

    private final Launch launch;
    private final Permits permits;
    private final RunningCall call = new RunningCall();
    private final AtomicBoolean hasPermit = new AtomicBoolean(true);
    private volatile Stage stage = Stage.PREPARED;

    HeldLaunch(Launch launch, Permits permits) {
        this.launch = launch;
        this.permits = permits;
    }

    Launch launch() {
        return launch;
    }

    int partition() {
        return launch.partition();
    }

    RunningCall call() {
        return call;
    }

    @SuppressWarnings("ReferenceEquality") // another launch of the same number is equal and not the same
    boolean isOf(Launch other) {
        return launch == other;
    }

    /** Whether a thread works on it, or its outcome is on its way. */
    boolean isRunning() {
        return stage == Stage.RUNNING;
    }

    /** Whether its outcome is on the topic. */
    boolean isWritten() {
        return stage == Stage.WRITTEN;
    }

    /** Whether it has no outcome and will have none. */
    boolean isAbandoned() {
        return stage == Stage.ABANDONED;
    }

    void running() {
        stage = Stage.RUNNING;
    }

    void written() {
        stage = Stage.WRITTEN;
    }

    /** It has no outcome and will have none: it goes into doubt. */
    void abandoned() {
        stage = Stage.ABANDONED;
    }

    /** Once, however often this is called. */
    void returnPermit() {
        if (hasPermit.compareAndSet(true, false)) {
            permits.returned(launch.partition());
        }
    }
}
