package dev.penstock.provider.http;

import dev.penstock.provider.ProviderCall;
import dev.penstock.schemas.TokenUsage;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one kind of provider speaks: how a call is written there and what its answers mean. All else about a call is one
 * exchange, the same for every kind. Safe for any number of threads; does no I/O and does not throw.
 */
public interface Dialect {

    /** The request to send, or why there is none. */
    Written write(ProviderCall call);

    /**
     * The answer in OpenAI's words, or why it is of no use.
     *
     * @param body of a response with a status of success
     */
    Reading read(ObjectNode body);

    /** Reads the object that stands under {@code usage} in an answer; empty if it is none. */
    Optional<TokenUsage> usage(JsonNode usage);

    /** What a refusal's body says. */
    ErrorWords error(ObjectNode body);

    /** The header in which the provider names a call, in lower case. */
    String requestIdHeader();
}
