package dev.penstock.intake;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.work.Admitted;

/** What becomes of a record that arrived. */
sealed interface IntakeDecision {

    /** It is a request and stands in its tenant's partition. */
    record Admit(Admitted admitted) implements IntakeDecision {}

    /** It belongs to another partition and is forwarded there, once. */
    record Reroute(String tenant, int partition) implements IntakeDecision {}

    /** It is no request that could be served. */
    record Refuse(String tenant, DeadLetterCode code, String detail) implements IntakeDecision {}
}
