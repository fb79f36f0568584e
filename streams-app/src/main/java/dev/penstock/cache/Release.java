package dev.penstock.cache;

/** How followers go on when their leader had no answer for them. */
enum Release {
    /** Each makes its own call. */
    APART,
    /** The first leads, the others follow it. */
    TOGETHER
}
