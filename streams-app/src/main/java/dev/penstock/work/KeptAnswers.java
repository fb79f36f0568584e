package dev.penstock.work;

import org.apache.kafka.streams.processor.api.ProcessorContext;

/** Answers that a later stage keeps. Whoever starts a request on its own claims for what it would be given at once. */
public interface KeptAnswers {

    /**
     * What a request would be given.
     *
     * @param context of any processor of the task
     * @return at most so many bytes; 0 where nothing is kept for it
     */
    long bytesFor(ProcessorContext<?, ?> context, Lead lead);
}
