package dev.penstock.batching;

import dev.penstock.batching.MemberAnswer.RunAlone;
import dev.penstock.batching.MemberAnswer.Text;
import dev.penstock.batching.MemberAnswer.Why;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * Finds answers that one member may have put into the others' mouths: most of the others were given the same, and it stands
 * word for word in that member's text. Those whose own text, or system prompt, has it too may well have been answered so, as
 * where labels are chosen among; the rest run alone. So do those who were given the same at length, though their texts differ.
 * Letters and digits count; case and what stands between words do not.
 */
final class Dictation {

    /** No two texts that differ are honestly answered with the same at that length, in characters. */
    static final int LONG = 200;

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");

    private final List<String> said;
    private final List<BatchItem> brought;
    private final List<MemberAnswer> kept;

    private Dictation(List<MemberAnswer> answers, List<String> said, List<BatchItem> brought) {
        this.said = said;
        this.brought = brought;
        this.kept = new ArrayList<>(answers);
    }

    /**
     * The answers, without those that may have been dictated.
     *
     * @param items what each member brought; asked for only if answers are alike
     */
    static List<MemberAnswer> removed(List<MemberAnswer> answers, Supplier<List<BatchItem>> items) {
        List<String> said = answers.stream().map(Dictation::said).toList();
        List<String> alike = alike(said);
        if (alike.isEmpty()) {
            return answers;
        }
        Dictation dictation = new Dictation(answers, said, items.get());
        alike.forEach(dictation::remove);
        return dictation.kept;
    }

    /** What a member was told; empty if it runs alone anyway. */
    private static String said(MemberAnswer answer) {
        return switch (answer) {
            case Text text -> words(text.text());
            case RunAlone alone -> "";
        };
    }

    /** Answers that are common, or long and there twice. */
    private static List<String> alike(List<String> said) {
        Map<String, Integer> times = new LinkedHashMap<>();
        said.stream().filter(answer -> !answer.isEmpty()).forEach(answer -> times.merge(answer, 1, Integer::sum));
        int told = times.values().stream().mapToInt(Integer::intValue).sum();
        return times.entrySet().stream()
                .filter(each -> 2 * each.getValue() >= told
                        || (each.getValue() > 1 && each.getKey().length() > LONG))
                .map(Map.Entry::getKey)
                .toList();
    }

    private void remove(String answer) {
        boolean ofTheSystem =
                brought.getFirst().system().stream().map(JsonNode::toString).anyMatch(text -> holds(text, answer));
        if (ofTheSystem) {
            return;
        }
        if (answer.length() > LONG && textsOf(answer) > 1) {
            places().filter(place -> said.get(place).equals(answer)).forEach(this::runAlone);
        } else if (places().anyMatch(
                        place -> holds(brought.get(place).text(), answer) && mostOthersSay(answer, place))) {
            places().filter(place -> said.get(place).equals(answer)
                            && !holds(brought.get(place).text(), answer))
                    .forEach(this::runAlone);
        }
    }

    /** How many different texts were answered so. */
    private long textsOf(String answer) {
        return places().filter(place -> said.get(place).equals(answer))
                .mapToObj(place -> brought.get(place).text())
                .distinct()
                .count();
    }

    /** Whether more than half of those whom that member could have spoken for were told so. */
    private boolean mostOthersSay(String answer, int speaker) {
        long others = places().filter(
                        place -> place != speaker && !said.get(place).isEmpty())
                .count();
        long alike = places().filter(
                        place -> place != speaker && said.get(place).equals(answer))
                .count();
        return 2 * alike > others;
    }

    private IntStream places() {
        return IntStream.range(0, said.size());
    }

    private void runAlone(int place) {
        kept.set(place, new RunAlone(Why.DICTATED));
    }

    private static boolean holds(String text, String what) {
        String words = words(text);
        // Some scripts write no spaces between words.
        boolean spaced = what.codePoints().noneMatch(Character::isIdeographic);
        return spaced ? (" " + words + " ").contains(" " + what + " ") : words.contains(what);
    }

    /** The words of a text, one space between them. One without any, as of symbols alone, stands for itself. */
    private static String words(String text) {
        String words = BETWEEN_WORDS.matcher(text).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
        return words.isEmpty() ? text.strip() : words;
    }
}
