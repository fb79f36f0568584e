package dev.penstock.dispatch;

import dev.penstock.dispatch.HeldLaunch.Dispatch;
import dev.penstock.schemas.Outcome;
import dev.penstock.work.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes each call on a virtual thread of its own and publishes its outcome. */
public final class VirtualThreadCallRunner implements CallRunner, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(VirtualThreadCallRunner.class);

    /** A call that is cut short ends at once; what is left is to hand its outcome over. */
    private static final Duration CUT_PATIENCE = Duration.ofSeconds(5);

    /**
     * A launch without an outcome whose task has left is forgotten so long after its deadline: it would not be repeated any
     * more, and who has the task has given it up as lost long before.
     */
    private static final Duration FORGOTTEN = Duration.ofHours(1);

    private final Threads threads;
    private final CallAttempts attempts;
    private final OutcomePublisher publisher;
    private final Permits permits;
    private final InstantSource clock;
    private final UnwrittenOutcomes unwritten;
    private final Set<Integer> assigned = ConcurrentHashMap.newKeySet();
    /** From the outbox until the outcome was processed, or was written for a task that has left: not in doubt. */
    private final Map<Dispatch, HeldLaunch> held = new ConcurrentHashMap<>();
    /** The latest deadline of all launches that were forgotten without an outcome. */
    private final AtomicReference<Instant> forgottenTo = new AtomicReference<>(Instant.MIN);
    /** From the commit until the outcome is handed over. */
    private final Set<HeldLaunch> running = ConcurrentHashMap.newKeySet();

    /** Told when nothing runs any more. */
    private final Object idle = new Object();

    private volatile boolean draining;

    /** Starts the thread of a launch. */
    interface Threads {
        void start(Launch launch, Runnable work);
    }

    public VirtualThreadCallRunner(
            CallAttempts attempts, OutcomePublisher publisher, Permits permits, InstantSource clock) {
        this(attempts, publisher, permits, clock, VirtualThreadCallRunner::startVirtual);
    }

    VirtualThreadCallRunner(
            CallAttempts attempts, OutcomePublisher publisher, Permits permits, InstantSource clock, Threads threads) {
        this.threads = threads;
        this.attempts = attempts;
        this.publisher = publisher;
        this.permits = permits;
        this.clock = clock;
        this.unwritten = new UnwrittenOutcomes(permits.capacity(), assigned);
    }

    private static void startVirtual(Launch launch, Runnable work) {
        Thread.ofVirtual().name("call-" + launch.ticket().id()).start(work);
    }

    @Override
    public void assigned(int partition) {
        assigned.add(partition);
        sharesChanged();
    }

    @Override
    public void revoked(int partition) {
        assigned.remove(partition);
        sharesChanged();
        held.values().removeIf(launch -> launch.partition() == partition && launch.isWritten());
        forgetOldLaunches();
    }

    /** Only tasks that have left leave launches behind that nobody settles here. */
    private void forgetOldLaunches() {
        Instant before = clock.instant().minus(FORGOTTEN);
        held.values().stream()
                .filter(launch -> launch.isAbandoned() && !assigned.contains(launch.partition()))
                .filter(launch -> launch.launch().ticket().deadline().isBefore(before))
                .forEach(this::forget);
    }

    /** Noted first: at no time does a task that opens again take the call for one that never left. */
    private void forget(HeldLaunch launch) {
        forgottenTo.accumulateAndGet(
                launch.launch().ticket().deadline(), (one, other) -> one.isAfter(other) ? one : other);
        held.remove(Dispatch.of(launch.launch()), launch);
    }

    @Override
    public boolean accepts(int partition) {
        return unwritten.mayCall(partition, clock.instant())
                && publisher.hasRoom(partition)
                && isWithinItsShare(partition);
    }

    /**
     * Only asked while outcomes have given their permits back unwritten: those permits are not to be used up by one
     * partition after another, each of which cannot be written in its turn.
     */
    private boolean isWithinItsShare(int partition) {
        int without = unwritten.withoutPermit();
        return without == 0 || permits.mayTake(partition, unwritten.calls(), permits.capacity() - without);
    }

    private void sharesChanged() {
        unwritten.sharesChanged().forEach(HeldLaunch::returnPermit);
    }

    @Override
    public void prepare(Launch launch) {
        held.put(Dispatch.of(launch), new HeldLaunch(launch, permits));
    }

    @Override
    public void withdraw(Launch launch) {
        // Another thread may have taken the task over and hold the same number of its own.
        held.computeIfPresent(Dispatch.of(launch), (dispatch, holder) -> holder.isOf(launch) ? null : holder);
        try {
            launch.lease().cancel();
        } finally {
            permits.returned(launch.partition());
        }
    }

    @Override
    public void settled(RequestId id, int number) {
        held.remove(new Dispatch(id, number));
    }

    @Override
    public boolean holds(RequestId id, int number) {
        return held.containsKey(new Dispatch(id, number));
    }

    @Override
    public boolean hasForgotten(Instant deadline) {
        return !deadline.isAfter(forgottenTo.get());
    }

    @Override
    public boolean runs(RequestId id, int number) {
        HeldLaunch holder = held.get(new Dispatch(id, number));
        return holder != null && holder.isRunning();
    }

    @Override
    public void launch(Launch launch) {
        HeldLaunch own = held.get(Dispatch.of(launch));
        if (own == null || !own.isOf(launch)) {
            own = new HeldLaunch(launch, permits);
        }
        start(own);
    }

    private void start(HeldLaunch launch) {
        launch.running();
        running.add(launch);
        try {
            threads.start(launch.launch(), () -> run(launch));
        } catch (RuntimeException | Error e) {
            neverStarted(launch, e);
        }
    }

    /** The transaction is durable, and so are others whose calls are to start after this one. */
    private void neverStarted(HeldLaunch launch, Throwable why) {
        try {
            launch.launch().lease().cancel();
        } finally {
            abandoned(launch);
            ended(launch);
        }
        LOG.atError()
                .addKeyValue("request_id", launch.launch().ticket().id())
                .addKeyValue("exception", why.getClass().getName())
                .log("a call could not be started; it will be in doubt");
    }

    /** Calls that were launched and whose outcome is not handed over yet. */
    public int inFlight() {
        return running.size();
    }

    /** Launches that are not settled, those of tasks that have left included. */
    int heldLaunches() {
        return held.size();
    }

    /** Outcomes that the broker has not acknowledged. */
    public UnwrittenOutcomes unwritten() {
        return unwritten;
    }

    private void run(HeldLaunch held) {
        boolean handedOver = false;
        try {
            handedOver = publish(held, outcomeOf(held));
        } catch (RuntimeException | Error e) {
            handedOver = publishFallback(held, e);
        } finally {
            if (!handedOver) {
                abandoned(held);
            }
            ended(held);
        }
    }

    /** Within its partition's share, the permit comes back when the outcome is durable: what is paid for and not written yet is bounded. */
    private boolean publish(HeldLaunch held, Outcome outcome) {
        unwritten.add(held, clock.instant()).forEach(HeldLaunch::returnPermit);
        publisher.publish(held.partition(), outcome, new OutcomePublisher.Receipt() {
            @Override
            public void written() {
                VirtualThreadCallRunner.this.written(held);
            }

            @Override
            public void failed() {
                abandoned(held);
            }
        });
        return true;
    }

    /** Where even that fails, nobody works on the call any more: it goes into doubt when its lease is over. */
    private boolean publishFallback(HeldLaunch held, Throwable why) {
        try {
            return publish(held, attempts.broken(held.launch(), why));
        } catch (RuntimeException | Error again) {
            LOG.atError()
                    .addKeyValue("request_id", held.launch().ticket().id())
                    .addKeyValue("exception", again.getClass().getName())
                    .log("no outcome of a call could be published; it will be in doubt");
            return false;
        }
    }

    /** A task that has left reads the outcome where it is now, or when it is back: nothing of it is in doubt here. */
    private void written(HeldLaunch held) {
        held.written();
        released(held);
        if (!assigned.contains(held.partition())) {
            this.held.remove(Dispatch.of(held.launch()), held);
        }
    }

    /** Still held, so that a task that opens again does not take it for one that never left. */
    private void abandoned(HeldLaunch held) {
        held.abandoned();
        released(held);
    }

    private void released(HeldLaunch held) {
        unwritten.remove(held);
        held.returnPermit();
    }

    private Outcome outcomeOf(HeldLaunch held) {
        Launch launch = held.launch();
        try (HeldPlace place = new HeldPlace(launch.lease())) {
            held.call().begins();
            return maySend(launch) ? attempts.work(launch, place, () -> mayGoOn(launch)) : attempts.notSent(launch);
        } finally {
            held.call().ended();
        }
    }

    private void ended(HeldLaunch held) {
        running.remove(held);
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
        running.forEach(launch -> launch.call().cut());
    }
}
