package dev.penstock.pipeline;

import java.time.Duration;

/**
 * What one transaction may carry of work that its thread does on its own.
 *
 * @param records shares that it grants at most
 * @param bytes their bytes: values as they are read, stored or sent, headers left out
 * @param time how long after its first work it still grants further shares
 */
record StepBudget(int records, long bytes, Duration time) {

    private static final int STEPS_PER_TIMEOUT = 10;

    StepBudget {
        if (records < 1 || bytes < 1 || !time.isPositive()) {
            throw new IllegalArgumentException(
                    "step budget: " + records + " records, " + bytes + " bytes, " + time + " (expected: more than 0)");
        }
    }

    /** For transactions that the broker aborts after the time given: a tenth of it is for the thread's own work. */
    static StepBudget of(Duration transactionTimeout) {
        return new StepBudget(Outbox.STEP_RECORDS, Outbox.STEP_BYTES, transactionTimeout.dividedBy(STEPS_PER_TIMEOUT));
    }
}
