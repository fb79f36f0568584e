package dev.penstock.work;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCounterTest {

    private static final TokenCounter O200K = BpeTokenCounter.o200k();
    private static final TokenCounter BYTES = Utf8TokenCounter.INSTANCE;

    @Test
    void shouldCountAsTheModelsDo() {
        assertThat(O200K.count("hello world")).isEqualTo(2);
        assertThat(O200K.count("The quick brown fox jumps over the lazy dog.")).isEqualTo(10);
        assertThat(O200K.count("")).isZero();
    }

    @Test
    void shouldCountSpecialTokensAsTheTextThatTheyAre() {
        assertThat(O200K.count("<|endoftext|>")).isGreaterThan(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "ä", "漢字", "😀", "a\u0000b", "\u200d\u0301"})
    void shouldCountBytesOfUtf8(String text) {
        assertThat(BYTES.count(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
    }

    @Test
    void shouldNotBreakOnHalfAPair() {
        // Half a pair is sent as an escape or as U+FFFD, three bytes.
        assertThat(BYTES.count("\ud83d")).isEqualTo(3);
        assertThat(BYTES.count("\ude00")).isEqualTo(3);
        assertThat(BYTES.count("\ude00\ud83d")).isEqualTo(6);
        assertThat(O200K.count("a\ud83d")).isPositive();
    }

    @Test
    void shouldNeverCountLessInPiecesThanInOne() {
        // Given
        Encoding whole = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
        String[] alphabets = {"a ", "aB1.", "漢字😀", "etaoin shrdlu"};
        Random random = new Random(3);
        for (String alphabet : alphabets) {
            String text = text(alphabet, 5 * BpeTokenCounter.PIECE, random);

            // When
            long pieces = O200K.count(text);

            // Then
            int exact = whole.countTokensOrdinary(text);
            assertThat(pieces).as(alphabet).isBetween((long) exact, exact + 12L * BpeTokenCounter.PER_CUT);
        }
    }

    /** Reading them takes eight times as long as reading text, on a thread that others need. */
    @ParameterizedTest
    @ValueSource(strings = {"ab", " \n\t", "0123456789", "aB1", "!?/-", "a"})
    void shouldTakeALongRunOfOneKindForAsManyTokensAsCharacters(String alphabet) {
        // Given
        String run = text(alphabet, 3 * BpeTokenCounter.PIECE, new Random(5));

        // When / Then
        assertThat(O200K.count(run)).isEqualTo(run.length() + 2 * BpeTokenCounter.PER_CUT);
        assertThat(O200K.count("Well: " + run + " Why?"))
                .isEqualTo(run.length()
                        + 2 * BpeTokenCounter.PER_CUT
                        + O200K.count(alphabet.isBlank() ? "Well:" : "Well: ")
                        + O200K.count(alphabet.isBlank() ? "Why?" : " Why?")
                        + (alphabet.isBlank() ? 2 : 0));
    }

    @Test
    void shouldNeverCountLessThanTheModelsDoWhereRunsStandInText() {
        // Given
        Encoding whole = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
        String[] alphabets = {"ab", " \n\t", "0123456789", "!?/-", "漢字😀", "etaoin shrdlu"};
        Random random = new Random(6);
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder();
            for (int part = 0; part < 6; part++) {
                String alphabet = alphabets[random.nextInt(alphabets.length)];
                text.append(text(alphabet, random.nextInt(2 * BpeTokenCounter.LONGEST_RUN), random));
            }

            // When / Then
            assertThat(O200K.count(text.toString()))
                    .as("text %d", i)
                    .isGreaterThanOrEqualTo(whole.countTokensOrdinary(text.toString()));
        }
    }

    private static String text(String alphabet, int length, Random random) {
        int[] letters = alphabet.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(letters[random.nextInt(letters.length)]);
        }
        return text.toString();
    }

    @Test
    void shouldAddAMarginForEachCut() {
        // Given
        String piece = "x ".repeat(BpeTokenCounter.PIECE / 2);

        // When / Then
        assertThat(O200K.count(piece + piece + "x"))
                .isEqualTo(2 * O200K.count(piece) + O200K.count("x") + 2 * BpeTokenCounter.PER_CUT);
    }

    @Test
    void shouldNeverFindMoreTokensThanBytes() {
        Random random = new Random(4);
        for (int i = 0; i < 2_000; i++) {
            // Given
            StringBuilder text = new StringBuilder();
            for (int c = random.nextInt(40); c > 0; c--) {
                text.appendCodePoint(random.nextBoolean() ? ' ' + random.nextInt(95) : random.nextInt(0xD800));
            }

            // When / Then
            assertThat(O200K.count(text.toString())).isLessThanOrEqualTo(BYTES.count(text.toString()));
        }
    }
}
