package dev.penstock.dispatch;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Which chains take calls, as looked at once in a pass: thousands of calls wait for a few chains. */
final class OpenChains implements Predicate<List<String>> {

    private final Map<List<String>, Boolean> open = new HashMap<>();
    private final AttemptChoice choice;
    private final Instant now;

    OpenChains(AttemptChoice choice, Instant now) {
        this.choice = choice;
        this.now = now;
    }

    @Override
    public boolean test(List<String> chain) {
        return open.computeIfAbsent(chain, asked -> choice.isOpen(asked, now));
    }

    /** A call could not go: the chain is looked at again before the next one. */
    void lookAgain(List<String> chain) {
        open.remove(chain);
    }

    /** The chain is full: no other call for it goes in this pass. */
    void full(List<String> chain) {
        open.put(chain, false);
    }
}
