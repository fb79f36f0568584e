package dev.penstock.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.work.TombstoneStore;
import dev.penstock.work.Verdict;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

class VerdictStoreTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final TombstoneStore store = new TombstoneStore();
    private final VerdictStore verdicts = new VerdictStore(store);

    private static Verdict.Answer answer(int number, int bytes) {
        byte[] noise = new byte[bytes];
        new Random(number).nextBytes(noise);
        return new Verdict.Answer(
                200,
                "provider-" + number,
                JsonMapper.shared()
                        .createObjectNode()
                        .put("number", number)
                        .put("fraction", new BigDecimal("0.25"))
                        .put("text", Base64.getEncoder().encodeToString(noise)),
                "openai",
                "m-1",
                null,
                List.of(),
                null,
                NOW,
                NOW);
    }

    @Test
    void shouldKeepABodyOnceForAllOfATenant() {
        // When
        for (int i = 0; i < 100; i++) {
            // A body of its own each time, as those that are read from a store are.
            verdicts.put("acme", "l-0-" + i, answer(1, 15_000));
        }

        // Then
        assertThat(store.bytes()).isLessThan(21_000 + 100 * 400);
        for (int i = 0; i < 100; i++) {
            assertThat(verdicts.get("l-0-" + i)).isEqualTo(answer(1, 15_000));
        }
    }

    @Test
    void shouldKeepTheBodyUntilTheLastReferenceIsGone() {
        // Given
        verdicts.put("acme", "first", answer(1, 15_000));
        verdicts.put("acme", "second", answer(1, 15_000));
        verdicts.put("acme", "third", answer(1, 15_000));

        // When
        verdicts.delete("first");
        verdicts.delete("second");

        // Then
        assertThat(verdicts.get("first")).isNull();
        assertThat(verdicts.get("third")).isEqualTo(answer(1, 15_000));

        // When
        verdicts.delete("third");

        // Then
        assertThat(store.size()).isZero();
    }

    @Test
    void shouldNotLetATenantReferToTheAnswerOfAnother() {
        // Given
        verdicts.put("acme", "ours", answer(1, 15_000));
        verdicts.put("beta", "theirs", answer(1, 15_000));

        // When
        verdicts.delete("ours");

        // Then
        assertThat(verdicts.get("theirs")).isEqualTo(answer(1, 15_000));
        verdicts.delete("theirs");
        assertThat(store.size()).isZero();
    }

    @Test
    void shouldKeepASmallAnswerInOneRow() {
        // When
        verdicts.put("acme", "small", answer(1, 100));

        // Then
        assertThat(store.size()).isOne();
        assertThat(verdicts.get("small")).isEqualTo(answer(1, 100));
    }

    @Test
    void shouldStoreNoneThatIsTooLarge() {
        // When
        boolean stored = verdicts.put("acme", "large", answer(1, 2_200_000));

        // Then
        assertThat(stored).isFalse();
        assertThat(store.size()).isZero();
    }

    @ParameterizedTest
    @MethodSource("dev.penstock.Seeds#few")
    void shouldHoldEveryVerdictAndNothingElseWhateverIsPutAndDeleted(long seed) {
        // Given
        Random random = new Random(seed);
        Map<String, Verdict> expected = new TreeMap<>();

        for (int step = 0; step < 500; step++) {
            // When
            String tenant = random.nextBoolean() ? "acme" : "beta";
            String leader = tenant + random.nextInt(12);
            if (random.nextInt(3) == 0) {
                verdicts.delete(leader);
                expected.remove(leader);
            } else {
                Verdict verdict = random.nextInt(5) == 0
                        ? Verdict.Failure.of(DeadLetterCode.PROVIDER_BAD_REQUEST, 1, "no")
                        : answer(random.nextInt(3), random.nextInt(4) == 0 ? 10 : 1_000);
                verdicts.put(tenant, leader, verdict);
                expected.put(leader, verdict);
            }

            // Then
            for (String known : new ArrayList<>(expected.keySet())) {
                assertThat(verdicts.get(known)).isEqualTo(expected.get(known));
            }
        }
        expected.keySet().forEach(verdicts::delete);
        assertThat(store.size()).isZero();
    }
}
