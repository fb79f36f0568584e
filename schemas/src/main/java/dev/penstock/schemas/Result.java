package dev.penstock.schemas;

import tools.jackson.databind.JsonNode;

/**
 * A request that was answered: an OpenAI batch output line, whose {@code error} is always null, and what Penstock adds.
 *
 * @param id the result's own id
 * @param customId the sender's name for the request
 */
public record Result(String id, String customId, Response response, PenstockSection penstock) {

    /**
     * The answer as the provider gave it.
     *
     * @param requestId the provider's id for the call, or ours where it gave none; bounded as {@link Detail} does
     */
    public record Response(int statusCode, String requestId, JsonNode body) {
        public Response {
            Checks.statusCode(statusCode);
            requestId = Detail.of(requestId);
        }

        @Override
        public String toString() {
            return "Response[statusCode=" + statusCode + "]";
        }
    }

    public Result {
        Checks.text("id", id);
        Checks.text("custom_id", customId);
    }
}
