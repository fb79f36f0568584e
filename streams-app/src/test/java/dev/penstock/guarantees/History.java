package dev.penstock.guarantees;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** All that the witnesses of one run saw. */
public record History(List<Event> events) {
    public History {
        events = List.copyOf(events);
    }

    /** The events of one kind, in the order in which they were written down. */
    public <E extends Event> Stream<E> of(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast);
    }

    /**
     * How many calls were in flight when faults that lose calls struck, all faults together.
     *
     * @param outcomeWithin how long a call that has ended may still be without a durable outcome
     */
    public long callsInFlightAtFaults(Duration outcomeWithin) {
        return of(Event.Fault.class)
                .filter(fault -> fault.kind().losesCalls())
                .mapToLong(fault -> of(Event.ProviderCall.class)
                        .filter(call -> call.inFlightAt(fault.at(), outcomeWithin))
                        .count())
                .sum();
    }

    void replayTo(Guarantee guarantee) {
        Consumer<Event> deliver = event -> {
            switch (event) {
                case Event.Produced produced -> guarantee.onProduced(produced);
                case Event.Observed observed -> guarantee.onObserved(observed);
                case Event.ProviderCall call -> guarantee.onCalled(call);
                case Event.Fault fault -> guarantee.onFault(fault);
                case Event.Printed printed -> guarantee.onPrinted(printed);
            }
        };
        events.forEach(deliver);
    }
}
