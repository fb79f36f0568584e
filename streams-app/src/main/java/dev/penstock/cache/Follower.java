package dev.penstock.cache;

import dev.penstock.work.RequestId;
import java.time.Instant;

/** A request that waits for another's answer, as far as it matters to who leads next. */
record Follower(RequestId id, Instant deadline) {}
