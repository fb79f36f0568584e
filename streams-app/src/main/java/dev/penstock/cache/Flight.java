package dev.penstock.cache;

import dev.penstock.schemas.Priority;
import dev.penstock.work.RequestId;

/**
 * The call that is in flight for a key.
 *
 * @param leader the request that it is made for
 * @param priority the leader's place in the queue
 */
record Flight(RequestId leader, Priority priority) {}
