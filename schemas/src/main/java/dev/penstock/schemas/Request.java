package dev.penstock.schemas;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request as its sender wrote it: an OpenAI batch input line and what Penstock adds to it.
 *
 * @param customId the sender's own name for it, 1 to 512 characters, echoed in the result
 * @param tenant whose it is, when the value says so; otherwise the record's key decides
 * @param idempotencyKey requests with the same key are one request; absent: derived from the content
 * @param url the endpoint asked for
 * @param body what the provider gets, unknown fields and all numbers kept as they were
 * @param deadline when an answer is of no use any more; never together with {@code timeout}
 * @param timeout the same, counted from the moment of intake
 * @param attemptTimeout the longest that one attempt at a provider may take, 1 ms to an hour; the deadline holds as well
 * @param metadata the sender's own data, echoed in the result
 */
public record Request(
        String customId,
        @Nullable String tenant,
        @Nullable String idempotencyKey,
        String url,
        ObjectNode body,
        @Nullable Task task,
        Priority priority,
        @Nullable Instant deadline,
        @Nullable Duration timeout,
        @Nullable Duration attemptTimeout,
        CacheDirective cache,
        @Nullable BatchDirective batch,
        @Nullable Trim trim,
        @Nullable InDoubtPolicy inDoubt,
        @Nullable ObjectNode metadata) {

    /** The one endpoint that is served. */
    public static final String CHAT_COMPLETIONS = "/v1/chat/completions";

    /** The same, with what holds for its prompt where it does not say itself. */
    public Request trimmedAs(@Nullable Trim otherwise) {
        return trim != null || otherwise == null
                ? this
                : new Request(
                        customId,
                        tenant,
                        idempotencyKey,
                        url,
                        body,
                        task,
                        priority,
                        deadline,
                        timeout,
                        attemptTimeout,
                        cache,
                        batch,
                        otherwise,
                        inDoubt,
                        metadata);
    }

    /** Names no content: a request may hold anybody's secrets. */
    @Override
    public String toString() {
        return "Request[url=" + url + ", priority=" + priority.wireName() + "]";
    }
}
