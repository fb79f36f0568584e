package dev.penstock.batching;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Draws the ids that tell members of a prompt apart. Texts were there before the ids, so that none can name one by intent;
 * one that does by chance makes that id unfit.
 */
final class RandomIds {

    static final int LENGTH = 12;

    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int MAX_DRAWS_PER_ID = 100;

    private final RandomGenerator random;

    /** @param random not to be guessed in production: {@link java.security.SecureRandom} */
    RandomIds(RandomGenerator random) {
        this.random = random;
    }

    /**
     * As many different ids as asked for, none of which stands in any of the texts.
     *
     * @throws IllegalStateException if the generator repeats itself
     */
    List<String> draw(int count, Collection<String> texts) {
        Set<String> ids = new LinkedHashSet<>();
        for (int draws = 0; ids.size() < count; draws++) {
            if (draws > count * MAX_DRAWS_PER_ID) {
                throw new IllegalStateException("random ids: " + ids.size() + " different ones after " + draws
                        + " draws (expected: " + count + ")");
            }
            String id = next();
            if (texts.stream().noneMatch(text -> text.contains(id))) {
                ids.add(id);
            }
        }
        return List.copyOf(ids);
    }

    private String next() {
        StringBuilder id = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }
}
