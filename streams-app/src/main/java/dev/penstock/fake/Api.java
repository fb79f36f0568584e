package dev.penstock.fake;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A language that the fake speaks. The same conversation gets the same text in each. */
interface Api {

    /** The key that a call was made with, if any. */
    Optional<String> key(ServerRequestHeaders headers);

    /** Whether headers and body are a request of this API; the key is another matter. */
    boolean accepts(ServerRequestHeaders headers, ObjectNode request);

    /** What was said in it. */
    Conversation conversation(ObjectNode request);

    /** The whole response body. */
    ObjectNode answer(ObjectNode request);

    /** How this API refuses what a quota refused. */
    Fault.Refuse refusal(Fault.Refuse byQuota);

    ObjectNode error(Fault.Refuse refusal, String requestId);

    HeaderName requestId();

    /** The name of the array without which an answer is none. */
    String answerField();

    ObjectNode usage(long promptTokens, long completionTokens);

    /** What stands before the text of an answer of filler. */
    String fillerHead();

    /** What stands behind it. */
    String fillerTail(ObjectNode usage);

    /** The key of an authorization header. */
    static Optional<String> bearer(ServerRequestHeaders headers) {
        return value(headers, HeaderNames.AUTHORIZATION)
                .filter(value -> value.startsWith("Bearer "))
                .map(value -> value.substring("Bearer ".length()));
    }

    /** A header's value. */
    static Optional<String> value(ServerRequestHeaders headers, HeaderName name) {
        return headers.find(name).map(Header::get);
    }
}
