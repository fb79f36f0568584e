package dev.penstock.trimming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.work.TokenCounter;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Execution(ExecutionMode.CONCURRENT)
class TextTailTest {

    private static final int MARKER = TextTail.MARKER.length();

    @Test
    void shouldKeepTheLongestEndThatFits() {
        assertThat(new TextTail(Counters.CODE_POINTS).of("0123456789", MARKER + 4))
                .contains(TextTail.MARKER + "6789");
    }

    @Test
    void shouldNeverCutInsideAPair() {
        // Given
        TokenCounter aUnitATokenCounter = String::length;

        // When
        Optional<String> odd = new TextTail(aUnitATokenCounter).of("😀😀😀", MARKER + 3);

        // Then
        assertThat(odd).contains(TextTail.MARKER + "😀");
    }

    @Test
    void shouldKeepNothingWhereNothingFits() {
        assertThat(new TextTail(Counters.CODE_POINTS).of("abc", MARKER)).isEmpty();
        assertThat(new TextTail(Counters.CODE_POINTS).of("", 1_000)).isEmpty();
        assertThat(new TextTail(Counters.CODE_POINTS).of("a", 1_000)).isEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.penstock.Seeds#many")
    void shouldBeWithinTheLimitAndNearIt(long seed) {
        Random random = new Random(seed);
        String text = random.ints(5_000, 0, 3)
                .mapToObj(kind -> new String[] {"😀", "word ", "x"}[kind])
                .reduce("", String::concat);
        for (TokenCounter counter : Counters.ALL) {
            // Given
            long limit = 30 + random.nextLong(counter.count(text));

            // When
            String kept = new TextTail(counter).of(text, limit).orElseThrow();

            // Then
            assertThat(counter.count(kept)).isLessThanOrEqualTo(limit);
            assertThat(text).endsWith(kept.substring(MARKER));
            assertThat(kept.length()).isLessThan(text.length() + MARKER);
            assertThat(Character.isLowSurrogate(kept.charAt(MARKER))).isFalse();
            if (limit < counter.count(text)) {
                assertThat(counter.count(kept)).as("most of the room is used").isGreaterThan(limit * 4 / 5 - 25);
            }
        }
    }

    @Test
    void shouldCountWhatIsKeptAndNotAllThatIsCut() {
        // Given
        AtomicLong counted = new AtomicLong();
        TokenCounter counter = text -> {
            counted.addAndGet(text.length());
            return text.length() / 4;
        };

        // When
        new TextTail(counter).of("x".repeat(10_000_000), 1_000);

        // Then
        assertThat(counted.get()).isLessThan(50_000);
    }
}
