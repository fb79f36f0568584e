package dev.penstock.schemas;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that an operator wants to know at once: a state that changed, or a threshold that was crossed. The subject is
 * the record's key.
 *
 * @param at when it happened
 * @param subject what it is about: a target or a tenant
 * @param tenant whose it is; absent where it concerns a target
 * @param from the state before; absent where there is none
 * @param to the state now, or the threshold that was crossed
 * @param detail for people; no provider text, bounded as {@link Detail} does
 */
public record Alert(
        Instant at,
        Kind kind,
        String subject,
        @Nullable String tenant,
        @Nullable String from,
        @Nullable String to,
        String detail) {

    /** What it is about. */
    public enum Kind implements WireName {
        /** A target's breaker changed its state. */
        BREAKER,
        /** A target was closed because its key was refused or its account is spent, or it was opened again. */
        GATE,
        /** A tenant crossed a threshold of its budget. */
        BUDGET,
        /** A tenant's policy cannot be applied. */
        POLICY;

        static final WireNames<Kind> NAMES = WireNames.of(values());

        private final String wireName = WireNames.lowerCase(this);

        @Override
        public String wireName() {
            return wireName;
        }
    }

    public Alert {
        Checks.instant("at", at);
        Checks.text("subject", subject);
        if (tenant != null) {
            Checks.tenant(tenant);
        }
        Checks.textOrNull("from", from);
        Checks.textOrNull("to", to);
        detail = Detail.of(detail);
    }

    /** The record's key. */
    public String key() {
        return subject;
    }
}
