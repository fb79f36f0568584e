package dev.penstock.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The attempts that a call has had. A round is what happened since the call was last parked because its quick attempts were
 * used up.
 *
 * @param targets the targets that were tried, at most one entry each
 * @param rounds how many rounds are over
 * @param possiblyBilled attempts of all rounds that may have been billed
 */
public record Attempts(List<TargetAttempts> targets, int rounds, int possiblyBilled) {

    /** Of a call that is new. */
    public static final Attempts NONE = new Attempts(List.of(), 0, 0);

    public Attempts {
        targets = List.copyOf(targets);
    }

    /**
     * With one more attempt, which failed.
     *
     * @param retryAfter what this attempt was asked to wait; an earlier wish is void
     */
    public Attempts failed(String target, boolean billed, @Nullable Duration retryAfter, Instant at) {
        Instant notBefore = retryAfter == null ? null : at.plus(retryAfter);
        List<TargetAttempts> after = new ArrayList<>(targets);
        after.removeIf(entry -> entry.target().equals(target));
        after.add(new TargetAttempts(target, count(target) + 1, notBefore));
        return new Attempts(after, rounds, possiblyBilled + (billed ? 1 : 0));
    }

    /** As a new round begins: nothing tried, but what targets asked for still holds. */
    public Attempts nextRound() {
        List<TargetAttempts> kept = targets.stream()
                .filter(entry -> entry.notBefore() != null)
                .map(entry -> new TargetAttempts(entry.target(), 0, entry.notBefore()))
                .toList();
        return new Attempts(kept, rounds + 1, possiblyBilled);
    }

    /** Attempts at a target in this round. */
    public int count(String target) {
        return at(target).map(TargetAttempts::count).orElse(0);
    }

    /** Whether nothing was tried in this round. */
    public boolean isFresh() {
        return targets.stream().allMatch(entry -> entry.count() == 0);
    }

    /** From when on a target may be tried as far as it said so itself; {@code now} if it may be now. */
    Instant notBefore(String target, Instant now) {
        return at(target)
                .flatMap(entry -> Optional.ofNullable(entry.notBefore()))
                .filter(asked -> asked.isAfter(now))
                .orElse(now);
    }

    private Optional<TargetAttempts> at(String target) {
        return targets.stream().filter(entry -> entry.target().equals(target)).findFirst();
    }
}
