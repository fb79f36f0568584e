package dev.penstock.schemas;

/**
 * One attempt at a call, as a result tells of it. Texts are bounded as {@link Detail} does; a time below zero, which a
 * clock that was set back can measure, counts as zero.
 *
 * @param target provider and model that were tried
 * @param outcome {@code ok}, or the reason of the failure
 * @param millis how long it took
 */
public record AttemptReport(String target, String outcome, long millis) {
    public AttemptReport {
        target = Detail.of(target);
        outcome = Detail.of(outcome);
        millis = Math.max(0, millis);
    }
}
