package dev.penstock.pipeline;

import dev.penstock.batching.BatchListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What batching counts: shared calls, their members, and what became of each. */
final class BatchMetrics implements BatchListener {

    private final MeterRegistry meters;
    private final Counter calls;
    private final Counter members;
    private final Counter single;
    private final Counter answered;
    private final Counter unknown;

    BatchMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.calls = counter("penstock.batching.calls", "Calls that requests shared");
        this.members = counter("penstock.batching.shared", "Requests that left in a shared call");
        this.single = counter("penstock.batching.single", "Requests that waited for others and went by themselves");
        this.answered = ends("answered");
        this.unknown = counter("penstock.batching.unknown", "Elements of shared answers that belong to no request");
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(meters);
    }

    private Counter ends(String end) {
        return Counter.builder("penstock.batching.members")
                .description("Requests that shared a call, by what they were given")
                .tag("end", end)
                .register(meters);
    }

    @Override
    public void left(int count) {
        calls.increment();
        members.increment(count);
    }

    @Override
    public void nobodyElse() {
        single.increment();
    }

    @Override
    public void answered() {
        answered.increment();
    }

    @Override
    public void again(String why) {
        ends(why).increment();
    }

    @Override
    public void unknown(int elements) {
        unknown.increment(elements);
    }
}
