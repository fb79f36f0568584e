package dev.penstock.cache;

/** What became of an answer that was to be kept. */
sealed interface Keeping {

    /** @param evicted how many others had to go for it */
    record Kept(int evicted) implements Keeping {}

    /** The bound of a step was reached before there was room. The next answer finds more. */
    record NoRoom(int evicted) implements Keeping {}

    /** It is larger than one answer may be. */
    record TooLarge() implements Keeping {}
}
