package dev.penstock.tiering;

import dev.penstock.work.Route;

/** Is told where requests go, for metrics. A transaction that is rolled back is told of again. Thread-safe. */
@FunctionalInterface
public interface TieringListener {

    /** A request was given its route. */
    void routed(Route route);
}
