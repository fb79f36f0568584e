package dev.penstock.provider.http;

import dev.penstock.schemas.TokenUsage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What a dialect makes of a body that came with a status of success. */
public sealed interface Reading {

    /**
     * A chat completion in OpenAI's words.
     *
     * @param usage as the provider counted it, if it said
     */
    record Completion(ObjectNode body, @Nullable TokenUsage usage) implements Reading {
        @Override
        public String toString() {
            return "Completion[usage=" + usage + "]";
        }
    }

    /**
     * No answer.
     *
     * @param what it is instead, in our words
     * @param usage what was billed all the same, if it said
     */
    record Unusable(String what, @Nullable TokenUsage usage) implements Reading {}
}
