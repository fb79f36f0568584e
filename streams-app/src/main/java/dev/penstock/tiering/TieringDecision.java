package dev.penstock.tiering;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.work.Route;

/** Where a request goes, or why nowhere. */
sealed interface TieringDecision {

    /** These targets may answer it. */
    record Routed(Route route) implements TieringDecision {}

    /** Nobody here can answer it. */
    record Refused(DeadLetterCode code, String detail) implements TieringDecision {}
}
