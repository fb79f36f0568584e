package dev.penstock.work;

/** The record headers that the pipeline reads and writes. */
public final class HeaderNames {

    /** The record's own timestamp, kept by the extractor that replaced it with a rank; decimal milliseconds. */
    public static final String RECORD_TIMESTAMP = "penstock.record.timestamp";

    /** On a rerouted record: where it stood on the requests topic. */
    public static final String ORIGIN_TOPIC = "penstock.origin.topic";

    /** See {@link #ORIGIN_TOPIC}; decimal. */
    public static final String ORIGIN_PARTITION = "penstock.origin.partition";

    /** See {@link #ORIGIN_TOPIC}; decimal. */
    public static final String ORIGIN_OFFSET = "penstock.origin.offset";

    /** See {@link #ORIGIN_TOPIC}; the producer's timestamp, decimal milliseconds. */
    public static final String ORIGIN_TIMESTAMP = "penstock.origin.timestamp";

    /** On a replayed request: how often it was replayed; decimal. */
    public static final String REDRIVE_COUNT = "llm.dlq.redrive.count";

    /** On a replayed request: until when its answer is of use, in place of a deadline in its value; decimal milliseconds. */
    public static final String REDRIVE_DEADLINE = "llm.dlq.redrive.deadline";

    /** On a replayed request: {@code true} if a final failure of its idempotency key is not to stand for it. */
    public static final String REDRIVE_FORCED = "llm.dlq.redrive.forced";

    /** On a replayed request: the {@code topic-partition-offset} of its dead letter. For people; nothing depends on it. */
    public static final String REDRIVE_OF = "llm.dlq.redrive.of";

    /** On a usage event: the ledger that counted it already, and passes it over when it comes back. */
    public static final String COUNTED_BY = "penstock.counted.by";

    /** On a request of a tenant whose requests must be signed: see {@link dev.penstock.schemas.TenantSignatures}. */
    public static final String TENANT_SIGNATURE = "llm.tenant.signature";

    /** W3C trace context, carried from the request to every record that descends from it. */
    public static final String TRACEPARENT = "traceparent";

    private HeaderNames() {}
}
