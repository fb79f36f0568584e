package dev.penstock.cache;

/** Is told how the size of a task's cache changes. */
@FunctionalInterface
interface CacheSize {

    /** One tenant's totals changed. */
    void changed(CacheTotals before, CacheTotals after);
}
