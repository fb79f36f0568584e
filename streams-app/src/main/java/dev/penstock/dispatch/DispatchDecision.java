package dev.penstock.dispatch;

import dev.penstock.schemas.Outcome;
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

    /** It may wait its turn (again), from that time on. */
    record Requeue(Instant due) implements OnStart, OnOutcome {}

    /** Unless its outcome comes first, it is in doubt from the time given on, if nobody works on it then. */
    record InDoubtFrom(Instant time) implements OnStart {}

    /** It is over. */
    record Settle(Verdict verdict) implements OnOutcome, OnDoubt {}

    /** An attempt failed in a way that its runner could not go on from: the plan of attempts says what next. */
    record Failed(Outcome.Failure failure) implements OnOutcome {}

    /** Nothing was billed, and it rests until the time given. */
    record Rest(Instant due) implements OnOutcome {}

    /** Its runner says that nobody will know. */
    record Doubt() implements OnOutcome {}

    /** The call was settled, or went on, without it: what it cost still counts. */
    record Late() implements OnOutcome {}

    /** Call once more; the lost attempt is charged as unknown. */
    record CallAgain() implements OnDoubt {}
}
