package dev.penstock.dispatch;

import dev.penstock.schemas.AttemptReport;
import dev.penstock.schemas.DeadLetterCode;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was tried for a call so far. Part of its stored entry, so that a restart forgets no attempt.
 *
 * @param attempts the last ones, in order
 * @param made how many there were in all
 * @param madeBefore how many of them belong to earlier rounds; a round ends when the call is parked for longer than a runner
 *     would wait
 * @param rounds how many rounds have ended
 * @param billed attempts that may have been billed
 * @param lastFailure why the last attempt failed; null before the first
 */
record Progress(
        List<AttemptReport> attempts,
        int made,
        int madeBefore,
        int rounds,
        int billed,
        @Nullable DeadLetterCode lastFailure) {

    /** Of all attempts, so many are kept: enough for every round, and bounded whatever the deadline. */
    static final int KEPT = 64;

    /** The outcome of an attempt that was lost with its process: not the target's doing, so it does not count against it. */
    static final String LOST = "lost";

    static final Progress NONE = new Progress(List.of(), 0, 0, 0, 0, null);

    Progress {
        attempts = List.copyOf(attempts.subList(Math.max(0, attempts.size() - KEPT), attempts.size()));
    }

    /** With the attempts of one dispatch added. */
    Progress with(List<AttemptReport> more) {
        return new Progress(
                Stream.concat(attempts.stream(), more.stream()).toList(),
                made + more.size(),
                madeBefore,
                rounds,
                billed,
                lastFailure);
    }

    Progress failed(DeadLetterCode code) {
        return new Progress(attempts, made, madeBefore, rounds, billed, code);
    }

    Progress billedOnce() {
        return new Progress(attempts, made, madeBefore, rounds, billed + 1, lastFailure);
    }

    /** The call has rested: attempts at each target are counted anew. */
    Progress nextRound() {
        return new Progress(attempts, made, made, rounds + 1, billed, lastFailure);
    }

    /** Attempts at that target in this round. */
    int inRound(String target) {
        int inRound = Math.min(made - madeBefore, attempts.size());
        return (int) attempts.subList(attempts.size() - inRound, attempts.size()).stream()
                .filter(attempt -> attempt.target().equals(target) && !attempt.outcome().equals(LOST))
                .count();
    }
}
