package dev.penstock.deadletters;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.DeadLetterHeaders;
import dev.penstock.schemas.Stage;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant. What is empty or null leaves that open; all that is given must hold.
 *
 * @param since not written before
 * @param until written before
 * @param retryable as the letter's header says
 * @param ids of the letter or of its request
 * @param where header values by header name; a name may leave out {@value DeadLetterHeaders#PREFIX}
 */
public record DeadLetterSelection(
        Set<DeadLetterCode> codes,
        Set<Stage> stages,
        @Nullable String tenant,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable Boolean retryable,
        Set<String> ids,
        Map<String, String> where) {

    public static final DeadLetterSelection ALL =
            new DeadLetterSelection(Set.of(), Set.of(), null, null, null, null, Set.of(), Map.of());

    public DeadLetterSelection {
        codes = Set.copyOf(codes);
        stages = Set.copyOf(stages);
        ids = Set.copyOf(ids);
        where = Map.copyOf(where);
    }

    public boolean selects(DeadLetter letter) {
        return isWithinTime(letter) && isOfTenant(letter) && isOfIds(letter) && hasReason(letter) && hasHeaders(letter);
    }

    private boolean isWithinTime(DeadLetter letter) {
        return (since == null || !letter.writtenAt().isBefore(since))
                && (until == null || letter.writtenAt().isBefore(until));
    }

    private boolean isOfTenant(DeadLetter letter) {
        return tenant == null
                || letter.tenant().filter(its -> its.name().equals(tenant)).isPresent();
    }

    private boolean isOfIds(DeadLetter letter) {
        return ids.isEmpty()
                || ids.contains(letter.id())
                || letter.requestId().filter(ids::contains).isPresent();
    }

    private boolean hasReason(DeadLetter letter) {
        DeadLetterHeaders why = letter.why();
        if (why == null) {
            return codes.isEmpty() && stages.isEmpty() && retryable == null;
        }
        return (codes.isEmpty() || codes.contains(why.code()))
                && (stages.isEmpty() || stages.contains(why.code().stage()))
                && (retryable == null || retryable == why.retryable());
    }

    private boolean hasHeaders(DeadLetter letter) {
        return where.entrySet().stream().allMatch(wanted -> hasHeader(letter, wanted.getKey(), wanted.getValue()));
    }

    private static boolean hasHeader(DeadLetter letter, String name, String value) {
        return value.equals(letter.headers().get(name))
                || value.equals(letter.headers().get(DeadLetterHeaders.PREFIX + name));
    }
}
