package dev.penstock.idempotency;

import dev.penstock.work.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A verdict as it is stored.
 *
 * @param verdict all of it but the body of an answer that is kept apart
 * @param body where that body is; null where nothing is kept apart
 */
record StoredVerdict(Verdict verdict, @Nullable BodyKey body) {}
