package dev.penstock.guarantees;

/** Where a record stands; of a request it is also the identity that every terminal names. */
public record Position(String topic, int partition, long offset) {

    /** {@code topic-partition-offset}, as results and usage events spell it. */
    public String requestId() {
        return topic + "-" + partition + "-" + offset;
    }
}
