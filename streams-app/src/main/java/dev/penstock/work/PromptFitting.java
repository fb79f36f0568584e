package dev.penstock.work;

import dev.penstock.schemas.Trim;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Makes a prompt fit the target that it is sent to. Thread-safe; leaves the bodies that it is given as they are. */
public interface PromptFitting {

    /**
     * A body as it can be sent.
     *
     * @param target where it goes: its tokens are counted as its model does, as far as that is known
     * @param body about to be sent
     * @param trim what the request asks; null if it does not
     * @param contextTokens what the target's model takes, input and output together; 0 if that is not known
     * @param outputCap the output cap that is sent
     */
    Fit fit(String target, ObjectNode body, @Nullable Trim trim, long contextTokens, long outputCap);

    /** A shorter one than the target just refused as too long. */
    Fit shorter(String target, ObjectNode refused);

    /** What became of a prompt. */
    sealed interface Fit {

        /**
         * It may be sent.
         *
         * @param trimmedTokens what was cut, by our own count; 0 for a prompt that is whole
         */
        record Sendable(ObjectNode body, long trimmedTokens) implements Fit {
            /** Names no content. */
            @Override
            public String toString() {
                return "Sendable[trimmedTokens=" + trimmedTokens + "]";
            }
        }

        /** What must be kept of it is too long. */
        record CannotFit(String detail) implements Fit {}
    }
}
