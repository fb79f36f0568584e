package dev.penstock.fake;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The calls that came, and what became of them. Counts cover all calls; single calls are kept up to a number. */
public final class CallLog {

    private final InstantSource clock;
    private final int kept;
    private final @Nullable CallFile file;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong open = new AtomicLong();
    private final AtomicLong mostOpen = new AtomicLong();
    private final ConcurrentSkipListMap<Integer, LongAdder> byStatus = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<String, LongAdder> byScript = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Long, FakeCall> calls = new ConcurrentSkipListMap<>();

    CallLog(InstantSource clock, int kept, @Nullable CallFile file) {
        this.clock = clock;
        this.kept = kept;
        this.file = file;
    }

    /**
     * @param received all calls so far
     * @param open calls that are neither answered nor given up
     * @param mostOpen the highest that {@code open} has been
     * @param byStatus ended calls by the status sent, 0 for those without
     * @param byScript calls by what was done to them
     */
    public record Counts(
            long received, long open, long mostOpen, Map<Integer, Long> byStatus, Map<String, Long> byScript) {}

    public Counts counts() {
        return new Counts(received.get(), open.get(), mostOpen.get(), sums(byStatus), sums(byScript));
    }

    /** The kept calls in the order of arrival. */
    public List<FakeCall> calls() {
        return List.copyOf(calls.values());
    }

    /** The kept calls with that idempotency key. */
    public List<FakeCall> calls(String idempotencyKey) {
        return calls.values().stream()
                .filter(call -> call.idempotencyKey().equals(idempotencyKey))
                .toList();
    }

    long nextSequence() {
        return received.incrementAndGet();
    }

    /** Returns once the call is in the file, if there is one. */
    void begin(FakeCall call) {
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        byScript.computeIfAbsent(call.scripted(), s -> new LongAdder()).increment();
        calls.put(call.sequence(), call);
        calls.remove(call.sequence() - kept);
        if (file != null) {
            file.append(CallLine.received(call));
        }
    }

    /** Does not wait for the file. The counts come last: whoever sees them finds the call ended everywhere else. */
    void end(FakeCall call, int status) {
        FakeCall ended = call.ended(clock.instant(), status);
        calls.computeIfPresent(call.sequence(), (sequence, begun) -> ended);
        if (file != null) {
            file.appendLater(CallLine.ended(ended));
        }
        byStatus.computeIfAbsent(status, s -> new LongAdder()).increment();
        open.decrementAndGet();
    }

    private static <K> Map<K, Long> sums(Map<K, LongAdder> adders) {
        ConcurrentSkipListMap<K, Long> sums = new ConcurrentSkipListMap<>();
        adders.forEach((key, adder) -> sums.put(key, adder.sum()));
        return sums;
    }
}
