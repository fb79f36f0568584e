package dev.penstock.guarantees;

/** Which of the pipeline's topics a record was read from. */
public enum Role {
    REQUESTS,
    REROUTED,
    RESULTS,
    DEAD_LETTERS,
    USAGE,
    OUTCOMES,
    BUDGETS;

    /** Whether people's prompts and answers may stand in the values of this topic. */
    public boolean mayHoldPrompts() {
        return this != USAGE && this != BUDGETS;
    }
}
