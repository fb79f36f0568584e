package dev.penstock.dispatch;

import dev.penstock.provider.Attempts;
import dev.penstock.schemas.AttemptReport;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was tried for a call so far. Part of its stored entry, so that a restart forgets no attempt.
 *
 * @param reports the last attempts, in order, for people
 * @param made how many there were in all
 * @param attempts what the plan of further attempts depends on
 * @param lastFailure why the last attempt failed; null before the first
 */
public record Progress(
        List<AttemptReport> reports,
        int made,
        Attempts attempts,
        @Nullable DeadLetterCode lastFailure) {

    /** Of all attempts, so many are kept: enough for every round, and bounded whatever the deadline. */
    static final int KEPT = 64;

    /** How an attempt is told of that was lost with its process. */
    static final String LOST = "lost";

    /** Ends of attempts that say that the target cannot be given this request at all. */
    private static final Set<String> RULED_OUT = Set.of(
            DeadLetterCode.PROVIDER_UNTRANSLATABLE.reason(),
            DeadLetterCode.PROVIDER_REQUEST_TOO_LARGE.reason(),
            DeadLetterCode.TRIMMING_CANNOT_FIT.reason());

    private static final String TOO_LONG = DeadLetterCode.PROVIDER_CONTEXT_LENGTH.reason();

    static final Progress NONE = new Progress(List.of(), 0, Attempts.NONE, null);

    public Progress {
        reports = List.copyOf(reports.subList(Math.max(0, reports.size() - KEPT), reports.size()));
    }

    /** With what one dispatch tried, all of which failed. */
    Progress with(Outcome outcome) {
        Outcome.Failure failure = outcome.failure();
        List<AttemptReport> tried = outcome.attempts();
        Attempts after = attempts;
        for (int i = 0; i < tried.size(); i++) {
            String target = tried.get(i).target();
            after = i == tried.size() - 1 && failure != null
                    ? after.failed(target, failure.possiblyBilled(), failure.retryAfter(), outcome.endedAt())
                    : after.failed(target, false, null, outcome.endedAt());
        }
        DeadLetterCode last = failure == null ? lastFailure : failure.code();
        return new Progress(all(tried), made + tried.size(), after, last);
    }

    /** With an attempt that was lost with its process: it may have been billed, and is not held against the target. */
    Progress withLost(String target) {
        AttemptReport report = new AttemptReport(target, LOST, 0);
        Attempts after = new Attempts(attempts.targets(), attempts.rounds(), attempts.possiblyBilled() + 1);
        return new Progress(all(List.of(report)), made + 1, after, lastFailure);
    }

    /** The targets of a chain that have not said that they cannot be given this request. */
    List<String> usable(List<String> chain) {
        Set<String> ruledOut = reports.stream()
                .filter(report -> RULED_OUT.contains(report.outcome()))
                .map(AttemptReport::target)
                .collect(Collectors.toSet());
        return ruledOut.isEmpty()
                ? chain
                : chain.stream().filter(target -> !ruledOut.contains(target)).toList();
    }

    /** The target that refused the prompt as too long, if that happened once; null otherwise. */
    @Nullable
    String onlyRefuserOfItsLength() {
        List<AttemptReport> refusals = reports.stream()
                .filter(report -> report.outcome().equals(TOO_LONG))
                .toList();
        return refusals.size() == 1 ? refusals.getFirst().target() : null;
    }

    boolean wasTooLongFor(String target) {
        return reports.stream()
                .anyMatch(report ->
                        report.target().equals(target) && report.outcome().equals(TOO_LONG));
    }

    /** The quick attempts are used up: after a rest they are counted anew. */
    Progress nextRound() {
        return new Progress(reports, made, attempts.nextRound(), lastFailure);
    }

    /** All reports there are, and those of the dispatch that ended. */
    List<AttemptReport> all(List<AttemptReport> more) {
        List<AttemptReport> all = new ArrayList<>(reports);
        all.addAll(more);
        return all;
    }
}
