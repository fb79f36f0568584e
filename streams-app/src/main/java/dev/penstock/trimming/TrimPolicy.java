package dev.penstock.trimming;

import dev.penstock.trimming.Trimming.CannotFit;
import dev.penstock.trimming.Trimming.Fits;
import dev.penstock.trimming.Trimming.Shortened;
import dev.penstock.trimming.Turns.Keep;
import dev.penstock.work.TokenCounter;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a prompt fit a budget by our own count, which it never exceeds. Groups of messages that may go are dropped oldest
 * first; the newest of them is cut instead, if that is enough and leaves something worth keeping.
 */
final class TrimPolicy {

    private final PromptTokens tokens;
    private final MessageCut messageCut;

    TrimPolicy(TokenCounter counter) {
        this.tokens = new PromptTokens(counter);
        this.messageCut = new MessageCut(counter);
    }

    Trimming trim(ObjectNode body, TrimBudget budget) {
        Prompt prompt = new Prompt(body, tokens);
        if (prompt.tokens() <= budget.tokens()) {
            return new Fits(prompt.tokens());
        }
        CannotFit kept = new CannotFit(
                budget, prompt.tokensOf(Keep.SYSTEM), prompt.tokensOf(Keep.LAST_TURN), prompt.fixedTokens());
        return kept.needed() > budget.tokens() ? kept : shorten(prompt, budget.tokens());
    }

    private Shortened shorten(Prompt prompt, long budget) {
        long before = prompt.tokens();
        while (prompt.tokens() > budget && prompt.groupsThatMayGo() > 1) {
            prompt.dropOldest();
        }
        if (prompt.tokens() > budget && !prompt.cutOldest(messageCut, budget)) {
            prompt.dropOldest();
        }
        return new Shortened(prompt.body(), prompt.tokens(), before - prompt.tokens());
    }
}
