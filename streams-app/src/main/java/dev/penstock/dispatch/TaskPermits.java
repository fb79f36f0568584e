package dev.penstock.dispatch;

/**
 * What one task takes and wants of the instance's permits: nothing while outcomes of its calls could not be written. All
 * threads share those, so only changes are told.
 */
final class TaskPermits implements AutoCloseable {

    private final Permits permits;
    private final CallRunner runner;
    private final int partition;
    private int told;

    TaskPermits(Permits permits, CallRunner runner, int partition) {
        this.permits = permits;
        this.runner = runner;
        this.partition = partition;
    }

    boolean tryAcquire() {
        boolean acquired = runner.accepts(partition) && permits.tryAcquire(partition);
        if (acquired && told > 0) {
            told--;
        }
        return acquired;
    }

    /** Returns a permit that no call left with. */
    void giveBack() {
        permits.returned(partition);
    }

    /** Tells how many more permits the task could use now. */
    void want(int wanted) {
        int usable = wanted > 0 && runner.accepts(partition) ? wanted : 0;
        if (usable != told) {
            permits.want(partition, usable);
            told = usable;
        }
    }

    @Override
    public void close() {
        want(0);
    }
}
