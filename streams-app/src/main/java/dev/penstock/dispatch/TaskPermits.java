package dev.penstock.dispatch;

/** What one task takes and wants of the instance's permits. All threads share those, so only changes are told. */
final class TaskPermits implements AutoCloseable {

    private final Permits permits;
    private final int partition;
    private int told;

    TaskPermits(Permits permits, int partition) {
        this.permits = permits;
        this.partition = partition;
    }

    boolean tryAcquire() {
        boolean acquired = permits.tryAcquire(partition);
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
        if (wanted != told) {
            permits.want(partition, wanted);
            told = wanted;
        }
    }

    @Override
    public void close() {
        want(0);
    }
}
