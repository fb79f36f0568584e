package dev.penstock.budget;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A tenant whose budgets have changed since they were published.
 *
 * @param ended windows that its ledger has stopped counting since then, whose statuses are to be deleted
 */
record Unpublished(List<String> ended) {

    Unpublished {
        ended = List.copyOf(ended);
    }

    /** The same, where the ledger has stopped counting those windows as well. */
    Unpublished with(Set<String> windows) {
        Set<String> all = new LinkedHashSet<>(ended);
        all.addAll(windows);
        return new Unpublished(List.copyOf(all));
    }
}
