package dev.penstock.trimming;

import tools.jackson.databind.node.ObjectNode;

/** What became of a prompt. All tokens are by our own count. */
sealed interface Trimming {

    /** It fits as it is. */
    record Fits(long tokens) implements Trimming {}

    /**
     * It was shortened.
     *
     * @param body the same body with fewer or shorter messages; shares its other nodes with the original
     * @param tokens what it has now, within the budget
     * @param trimmedTokens what was cut
     */
    record Shortened(ObjectNode body, long tokens, long trimmedTokens) implements Trimming {
        /** Names no content. */
        @Override
        public String toString() {
            return "Shortened[tokens=" + tokens + ", trimmedTokens=" + trimmedTokens + "]";
        }
    }

    /**
     * What must be kept is over the budget.
     *
     * @param systemTokens of system and developer prompts
     * @param lastTurnTokens of the last user turn
     * @param otherTokens of tools, answer formats and what frames a prompt
     */
    record CannotFit(TrimBudget budget, long systemTokens, long lastTurnTokens, long otherTokens) implements Trimming {

        /** The smallest budget that would do. */
        long needed() {
            return systemTokens + lastTurnTokens + otherTokens;
        }

        /** For people: the budget, its rule and what must be kept. */
        String detail() {
            return budget.source() + ": " + budget.tokens() + " (expected: at least " + needed()
                    + " tokens: system prompts " + systemTokens + ", last user turn " + lastTurnTokens
                    + ", tools and formats " + otherTokens + ")";
        }
    }
}
