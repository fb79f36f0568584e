package dev.penstock.fake;

import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import tools.jackson.databind.node.ObjectNode;

/** A language that the fake speaks. The same conversation gets the same text in each. */
interface Api {

    /** The key that a call was made with, if any. */
    Optional<String> key(HttpFields headers);

    /** Whether headers and body are a request of this API; the key is another matter. */
    boolean accepts(HttpFields headers, ObjectNode request);

    /** What was said in it. */
    Conversation conversation(ObjectNode request);

    /** The whole response body. */
    ObjectNode answer(ObjectNode request);

    /** How this API refuses what a quota refused. */
    Fault.Refuse refusal(Fault.Refuse byQuota);

    ObjectNode error(Fault.Refuse refusal, String requestId);

    /** The header that names a request. */
    String requestId();

    /** The name of the array without which an answer is none. */
    String answerField();

    ObjectNode usage(long promptTokens, long completionTokens);

    /** What stands before the text of an answer of filler. */
    String fillerHead();

    /** What stands behind it. */
    String fillerTail(ObjectNode usage);

    /** The key of an authorization header. */
    static Optional<String> bearer(HttpFields headers) {
        return Optional.ofNullable(headers.get(HttpHeader.AUTHORIZATION))
                .filter(value -> value.startsWith("Bearer "))
                .map(value -> value.substring("Bearer ".length()));
    }
}
