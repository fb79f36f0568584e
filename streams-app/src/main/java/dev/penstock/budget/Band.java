package dev.penstock.budget;

import org.jspecify.annotations.Nullable;

/**
 * The rates for prompts of a certain length: some models cost more per token when the prompt is long.
 *
 * @param above prompts with more tokens than this pay these rates, for all of their tokens
 * @param standard rates of a single call
 * @param batch rates of the provider's batch interface; null where it gives no discount
 */
record Band(long above, Rates standard, @Nullable Rates batch) {

    Rates rates(boolean batched) {
        return batched && batch != null ? batch : standard;
    }
}
