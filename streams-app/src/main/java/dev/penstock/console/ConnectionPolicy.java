package dev.penstock.console;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which connections have to end: those that take too long, and the least useful one when another comes and there is no room. A connection waits
 * for the complete head of a request, then its request is being answered, then the answer is being read. Times are nanoseconds of a clock that only
 * goes forward. Safe for any number of threads.
 *
 * @param <C> a connection
 */
final class ConnectionPolicy<C> {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final int most;
    private final long longestHead;
    private final long longestRequest;
    private final int slowest;
    private final Map<C, Held> connections = new LinkedHashMap<>();

    private enum Phase {
        WAITING,
        ANSWERING,
        READING
    }

    /**
     * @param since when it began to wait for the head, or, in the other phases, when the head was complete
     * @param longest how long it may take from there on
     */
    private record Held(Phase phase, long since, long longest) {}

    /**
     * @param most connections at once
     * @param longestHead from the begin of the connection, or the end of the last answer, to the end of the next head, however it comes
     * @param longestRequest from the end of the head to the end of the answer, the time aside that the answer takes at the slowest rate
     * @param slowest bytes of an answer in a second
     */
    ConnectionPolicy(int most, Duration longestHead, Duration longestRequest, int slowest) {
        this.most = most;
        this.longestHead = longestHead.toNanos();
        this.longestRequest = longestRequest.toNanos();
        this.slowest = slowest;
    }

    /**
     * Takes a new connection.
     *
     * @return the one that has to end for it: the one that waits for a head the longest; if none waits, the one whose answer is the longest unread;
     *     if all requests are still being answered, the new one
     */
    synchronized Optional<C> opened(C connection, long now) {
        C ended = null;
        if (connections.size() >= most) {
            ended = leastUseful();
            if (ended == null) {
                return Optional.of(connection);
            }
            connections.remove(ended);
        }
        connections.put(connection, new Held(Phase.WAITING, now, longestHead));
        return Optional.ofNullable(ended);
    }

    /** The head of a request is complete. */
    synchronized void asked(C connection, long now) {
        connections.replace(connection, new Held(Phase.ANSWERING, now, longestRequest));
    }

    /**
     * The answer is there, and is written as fast as it is read.
     *
     * @param bytes of it, or of a part of it
     */
    synchronized void answered(C connection, int bytes) {
        long atSlowest = bytes * NANOS_PER_SECOND / slowest;
        connections.computeIfPresent(
                connection, (same, held) -> new Held(Phase.READING, held.since, held.longest + atSlowest));
    }

    /** The answer has been written. */
    synchronized void read(C connection, long now) {
        connections.replace(connection, new Held(Phase.WAITING, now, longestHead));
    }

    synchronized void closed(C connection) {
        connections.remove(connection);
    }

    /** Takes out those whose time is over; they have to end. */
    synchronized List<C> overdue(long now) {
        List<C> overdue = new ArrayList<>();
        connections.forEach((connection, held) -> {
            if (now - held.since >= held.longest) {
                overdue.add(connection);
            }
        });
        overdue.forEach(connections::remove);
        return overdue;
    }

    private @Nullable C leastUseful() {
        return oldest(Phase.WAITING).or(() -> oldest(Phase.READING)).orElse(null);
    }

    private Optional<C> oldest(Phase phase) {
        return connections.entrySet().stream()
                .filter(entry -> entry.getValue().phase == phase)
                .min(Comparator.comparingLong(entry -> entry.getValue().since))
                .map(Map.Entry::getKey);
    }
}
