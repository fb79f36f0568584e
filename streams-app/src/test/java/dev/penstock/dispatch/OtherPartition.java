package dev.penstock.dispatch;

/** Another task on the same permits, whose calls wait for nothing but permits. */
public final class OtherPartition {

    private final Permits permits;
    private final int partition;
    private int inFlight;

    /** @param permits which it shares */
    public OtherPartition(Permits permits, int partition) {
        this.permits = permits;
        this.partition = partition;
    }

    /**
     * Wakes with that many calls in flight or waiting: lets out as many as it gets permits for, and asks for the rest.
     *
     * @return how many are in flight
     */
    public int wakesWith(int calls) {
        while (inFlight > calls) {
            permits.returned(partition);
            inFlight--;
        }
        while (inFlight < calls && permits.tryAcquire(partition)) {
            inFlight++;
        }
        permits.want(partition, calls - inFlight);
        return inFlight;
    }
}
