package dev.penstock.deadletters;

import dev.penstock.deadletters.ReplayDecision.Reason;
import dev.penstock.deadletters.ReplayDecision.Refused;
import dev.penstock.deadletters.ReplayDecision.Replay;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.DeadLetterHeaders;
import java.util.Set;

/** Decides which dead letters may be replayed. */
public final class ReplayPolicy {

    /** A request that failed this often after a replay is not helped by the next one. */
    public static final int MOST_REDRIVES = 3;

    /** Their key was no tenant, or not the tenant that they name; under the key of the letter they would be another request. */
    private static final Set<DeadLetterCode> OF_ANOTHER_KEY =
            Set.of(DeadLetterCode.INTAKE_INVALID_TENANT, DeadLetterCode.INTAKE_TENANT_MISMATCH);

    private final boolean force;

    /** @param force also what is final, and what was replayed too often */
    public ReplayPolicy(boolean force) {
        this.force = force;
    }

    public ReplayDecision decide(DeadLetter letter, boolean replayed) {
        DeadLetterHeaders why = letter.why();
        if (why == null) {
            return new Refused(Reason.FOREIGN);
        }
        if (replayed) {
            return new Refused(Reason.ALREADY_REPLAYED);
        }
        if (!force && !why.retryable()) {
            return new Refused(Reason.NOT_RETRYABLE);
        }
        if (letter.isCut()) {
            return new Refused(Reason.TRUNCATED);
        }
        if (letter.value() == null) {
            return new Refused(Reason.EMPTY);
        }
        if (letter.tenant().isEmpty() || OF_ANOTHER_KEY.contains(why.code())) {
            return new Refused(Reason.TENANT_UNKNOWN);
        }
        return !force && why.redriveCount() >= MOST_REDRIVES ? new Refused(Reason.TOO_OFTEN) : new Replay(next(why));
    }

    private static int next(DeadLetterHeaders why) {
        return Math.max(why.redriveCount(), why.redriveCount() + 1);
    }
}
