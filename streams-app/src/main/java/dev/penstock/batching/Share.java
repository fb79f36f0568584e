package dev.penstock.batching;

import dev.penstock.schemas.TokenUsage;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a member pays of a shared call.
 *
 * @param usage null where the provider did not say what the call used
 * @param costUsd null where the call has no price
 */
record Share(@Nullable TokenUsage usage, @Nullable BigDecimal costUsd) {}
