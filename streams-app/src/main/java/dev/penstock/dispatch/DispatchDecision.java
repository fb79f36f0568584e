package dev.penstock.dispatch;

import dev.penstock.work.Verdict;
import java.time.Instant;

/** What the policy says of a stored call. */
sealed interface DispatchDecision {

    /** What to do with an entry that is found when a task starts. */
    sealed interface OnStart extends DispatchDecision {}

    /** What an outcome means for the call. */
    sealed interface OnOutcome extends DispatchDecision {}

    /** What to do with a call of which nobody knows whether it was made. */
    sealed interface OnDoubt extends DispatchDecision {}

    /** Its outcome will come. */
    record Await() implements OnStart {}

    /** It may wait its turn (again): it certainly was not sent. */
    record Requeue() implements OnStart, OnOutcome {}

    /** Unless its outcome comes first, it is in doubt from the time given on. */
    record InDoubtFrom(Instant time) implements OnStart {}

    /** It is over. */
    record Settle(Verdict verdict) implements OnOutcome, OnDoubt {}

    /** Its runner says that nobody will know. */
    record Doubt() implements OnOutcome {}

    /** The call was settled, or went on, without it: what it cost still counts. */
    record Late() implements OnOutcome {}

    /** Call once more; the lost attempt is charged as unknown. */
    record CallAgain() implements OnDoubt {}
}
