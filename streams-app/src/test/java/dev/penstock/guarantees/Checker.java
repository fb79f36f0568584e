package dev.penstock.guarantees;

import java.util.List;
import java.util.function.Supplier;

/** Judges a history: the same history and the same guarantees give the same verdict, always. */
public final class Checker {

    private final List<Supplier<Guarantee>> guarantees;

    /** A checker that makes each guarantee anew for every history. */
    public Checker(List<Supplier<Guarantee>> guarantees) {
        this.guarantees = List.copyOf(guarantees);
    }

    /** Everything that is illegal in the history, in the order of the guarantees. */
    public List<Violation> judge(History history) {
        return guarantees.stream()
                .map(Supplier::get)
                .peek(history::replayTo)
                .flatMap(guarantee -> guarantee.check().stream())
                .toList();
    }
}
