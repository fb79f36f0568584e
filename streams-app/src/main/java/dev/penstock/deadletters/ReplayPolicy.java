package dev.penstock.deadletters;

import dev.penstock.deadletters.ReplayDecision.Reason;
import dev.penstock.deadletters.ReplayDecision.Refused;
import dev.penstock.deadletters.ReplayDecision.Replay;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.DeadLetterHeaders;
import dev.penstock.schemas.TenantSignatures;
import java.util.Set;

/** Decides which dead letters may be replayed. */
public final class ReplayPolicy {

    /** A request that failed this often after a replay is not helped by the next one. */
    public static final int MOST_REDRIVES = 3;

    /** Nobody knows that they are their tenant's: a replay, under the key of the letter and signed, would make them so. */
    private static final Set<DeadLetterCode> OF_ANOTHER_KEY = Set.of(
            DeadLetterCode.INTAKE_INVALID_TENANT,
            DeadLetterCode.INTAKE_TENANT_MISMATCH,
            DeadLetterCode.INTAKE_UNSIGNED_TENANT);

    private final boolean force;
    private final TenantSignatures signatures;

    /**
     * @param force also what is final, and what was replayed too often
     * @param signatures what the replayed requests are signed with, where they must be
     */
    public ReplayPolicy(boolean force, TenantSignatures signatures) {
        this.force = force;
        this.signatures = signatures;
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
        if (signatures.cover(letter.tenant().get().name()) && !signatures.canSign()) {
            return new Refused(Reason.KEY_MISSING);
        }
        return !force && why.redriveCount() >= MOST_REDRIVES ? new Refused(Reason.TOO_OFTEN) : new Replay(next(why));
    }

    private static int next(DeadLetterHeaders why) {
        return Math.max(why.redriveCount(), why.redriveCount() + 1);
    }
}
