package dev.penstock.dispatch;

import dev.penstock.schemas.Outcome;
import dev.penstock.work.RequestId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes each call on a virtual thread of its own and publishes what it came to. */
public final class VirtualThreadCallRunner implements CallRunner, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(VirtualThreadCallRunner.class);

    /** A call that is cut short ends at once; what is left is to hand its outcome over. */
    private static final Duration CUT_PATIENCE = Duration.ofSeconds(5);

    private record Dispatch(RequestId id, int number) {}

    private final CallAttempts attempts;
    private final OutcomePublisher publisher;
    private final Permits permits;
    private final InstantSource clock;
    private final Set<Integer> assigned = ConcurrentHashMap.newKeySet();
    /** From the outbox until the outcome was processed: not in doubt. */
    private final Set<Dispatch> held = ConcurrentHashMap.newKeySet();
    /** From the commit until the outcome is published. */
    private final Map<Dispatch, RunningCall> running = new ConcurrentHashMap<>();

    /** From then until the broker has acknowledged the outcome. */
    private final Set<Dispatch> unwritten = ConcurrentHashMap.newKeySet();

    /** Told when nothing runs any more. */
    private final Object idle = new Object();

    private volatile boolean draining;

    public VirtualThreadCallRunner(
            CallAttempts attempts, OutcomePublisher publisher, Permits permits, InstantSource clock) {
        this.attempts = attempts;
        this.publisher = publisher;
        this.permits = permits;
        this.clock = clock;
    }

    @Override
    public void assigned(int partition) {
        assigned.add(partition);
    }

    @Override
    public void revoked(int partition) {
        assigned.remove(partition);
    }

    @Override
    public void prepare(Launch launch) {
        held.add(dispatchOf(launch));
    }

    @Override
    public void withdraw(Launch launch) {
        held.remove(dispatchOf(launch));
        launch.lease().cancel();
        permits.returned(launch.partition());
    }

    @Override
    public void settled(RequestId id, int number) {
        held.remove(new Dispatch(id, number));
    }

    @Override
    public boolean holds(RequestId id, int number) {
        return held.contains(new Dispatch(id, number));
    }

    @Override
    public boolean runs(RequestId id, int number) {
        Dispatch dispatch = new Dispatch(id, number);
        return running.containsKey(dispatch) || unwritten.contains(dispatch);
    }

    @Override
    public void launch(Launch launch) {
        RunningCall call = new RunningCall();
        running.put(dispatchOf(launch), call);
        Thread.ofVirtual().name("call-" + launch.ticket().id()).start(() -> run(launch, call));
    }

    /** Calls that were launched and whose outcome is not published yet. */
    public int inFlight() {
        return running.size();
    }

    private void run(Launch launch, RunningCall call) {
        boolean handedOver = false;
        try {
            handedOver = publish(launch, outcomeOf(launch, call));
        } catch (RuntimeException | Error e) {
            handedOver = publishFallback(launch, e);
        } finally {
            if (!handedOver) {
                permits.returned(launch.partition());
            }
            ended(launch);
        }
    }

    /** The permit comes back when the outcome is durable: what is paid for and not written yet never exceeds the permits. */
    private boolean publish(Launch launch, Outcome outcome) {
        Dispatch dispatch = dispatchOf(launch);
        unwritten.add(dispatch);
        publisher.publish(launch.partition(), outcome, () -> {
            // Two outcomes may be written where handing over the first one failed after all: the permit comes back
            // once.
            if (unwritten.remove(dispatch)) {
                permits.returned(launch.partition());
            }
        });
        return true;
    }

    /** Where even that fails, nobody works on the call any more: it goes into doubt when its lease is over. */
    private boolean publishFallback(Launch launch, Throwable why) {
        unwritten.remove(dispatchOf(launch));
        try {
            return publish(launch, attempts.broken(launch, why));
        } catch (RuntimeException | Error again) {
            unwritten.remove(dispatchOf(launch));
            LOG.atError()
                    .addKeyValue("request_id", launch.ticket().id())
                    .addKeyValue("exception", again.getClass().getName())
                    .log("no outcome of a call could be published; it will be in doubt");
            return false;
        }
    }

    private Outcome outcomeOf(Launch launch, RunningCall call) {
        call.begins();
        try {
            return maySend(launch) ? attempts.work(launch, () -> mayGoOn(launch)) : attempts.notSent(launch);
        } finally {
            call.ended();
        }
    }

    private void ended(Launch launch) {
        running.remove(dispatchOf(launch));
        if (running.isEmpty()) {
            synchronized (idle) {
                idle.notifyAll();
            }
        }
    }

    private boolean maySend(Launch launch) {
        return mayGoOn(launch) && clock.instant().isBefore(launch.startBy());
    }

    private boolean mayGoOn(Launch launch) {
        return !draining && assigned.contains(launch.partition());
    }

    /**
     * Stops starting calls, gives those that run the grace time to end, cuts the rest short (their outcome is {@code
     * lost}), and returns when every outcome has been handed to the publisher, or when that takes too long as well.
     */
    public void drain(Duration grace) throws InterruptedException {
        draining = true;
        LOG.atInfo().addKeyValue("in_flight", running.size()).log("draining: no call starts from now on");
        if (!awaitIdle(grace)) {
            LOG.atWarn().addKeyValue("in_flight", running.size()).log("grace time is over: ending running calls");
            close();
            awaitIdle(CUT_PATIENCE);
        }
    }

    /**
     * Waits until the outcome of everything that was launched has been handed to the publisher.
     *
     * @return whether it was, within the time given
     */
    public boolean awaitIdle(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        synchronized (idle) {
            while (!running.isEmpty()) {
                long leftMillis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (leftMillis <= 0) {
                    return false;
                }
                idle.wait(leftMillis);
            }
        }
        return true;
    }

    /** Stops starting calls and cuts short those that run. */
    @Override
    public void close() {
        draining = true;
        running.values().forEach(RunningCall::cut);
    }

    private static Dispatch dispatchOf(Launch launch) {
        return new Dispatch(launch.ticket().id(), launch.number());
    }
}
