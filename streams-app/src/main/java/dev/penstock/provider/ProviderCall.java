package dev.penstock.provider;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One attempt to make.
 *
 * @param idempotencyKey the same for every attempt of one call. Providers that honour it answer from it, so it must differ
 *     between tenants; what is sent as the header says the body, too
 * @param tenant whose call it is, which no provider hears; empty where that is nobody
 * @param url the path as the OpenAI batch format has it, {@code /v1/chat/completions}
 * @param body sent as it stands, unknown fields included; not changed by the provider
 * @param timeout for the whole attempt: connect, send, wait and read
 * @param usual what attempts at the target are given of which no request says otherwise
 * @param traceparent W3C trace context of the request, sent on if it is well formed
 */
public record ProviderCall(
        String idempotencyKey,
        String tenant,
        String url,
        ObjectNode body,
        Duration timeout,
        Duration usual,
        @Nullable String traceparent) {

    public ProviderCall {
        if (idempotencyKey.isEmpty()) {
            throw new IllegalArgumentException("idempotencyKey: empty (expected: at least one character)");
        }
        if (!url.startsWith("/")) {
            throw new IllegalArgumentException("url: does not start with / (expected: a path)");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: more than zero)");
        }
    }

    /** One of nobody that has as much time as others. */
    public ProviderCall(
            String idempotencyKey, String url, ObjectNode body, Duration timeout, @Nullable String traceparent) {
        this(idempotencyKey, "", url, body, timeout, timeout, traceparent);
    }

    /** Whether it has less time than others at the target: running out of it says nothing about the target. */
    public boolean isHurried() {
        return timeout.compareTo(usual) < 0;
    }

    /** Whether it has more time than others at the target: that it still runs says nothing about the target. */
    public boolean isPatient() {
        return timeout.compareTo(usual) > 0;
    }

    /** Whether a reply to it says no more than that whoever wrote the request was in a hurry. */
    boolean isCutBy(@Nullable ProviderReply reply) {
        return isHurried() && reply instanceof ProviderReply.Failed failed && failed.outOfTime();
    }

    /** The same as part of another span. */
    public ProviderCall tracedAs(String other) {
        return new ProviderCall(idempotencyKey, tenant, url, body, timeout, usual, other);
    }

    /** Without the body and the key: both come from users. */
    @Override
    public String toString() {
        return "ProviderCall[url=" + url + ", timeout=" + timeout + "]";
    }
}
