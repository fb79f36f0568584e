package dev.penstock.provider;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of a call at one target.
 *
 * @param count in this round
 * @param notBefore until when the target asked to be left alone when it last failed; null if it did not ask
 */
public record TargetAttempts(
        String target, int count, @Nullable Instant notBefore) {}
