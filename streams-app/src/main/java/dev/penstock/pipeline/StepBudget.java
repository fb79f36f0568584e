package dev.penstock.pipeline;

import java.time.Duration;

/**
 * What one transaction may carry of work that its thread does on its own.
 *
 * @param records shares that it grants at most
 * @param bytes their bytes: values as they are read, stored or sent, headers left out
 * @param time how long after the first share it still grants further ones
 */
record StepBudget(int records, long bytes, Duration time) {

    /**
     * What every transaction grants. Its time is that of a few commit intervals, far below any transaction timeout: while a
     * step runs, no task of the thread reads a record, so the length of a step is what everybody else waits. Between two
     * steps records have {@link dev.penstock.work.DueTimes#FLOOR at least as long}.
     */
    static final StepBudget USUAL = new StepBudget(500, 4L << 20, Duration.ofMillis(100));

    StepBudget {
        if (records < 1 || bytes < 1 || !time.isPositive()) {
            throw new IllegalArgumentException(
                    "step budget: " + records + " records, " + bytes + " bytes, " + time + " (expected: more than 0)");
        }
    }
}
