package dev.penstock.fake;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.ServerRequestHeaders;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A language that the fake speaks. The same conversation gets the same text in each. */
interface Api {

    /** The key that a call was made with, if any. */
    Optional<String> key(ServerRequestHeaders headers);

    /** Whether the headers that this API asks for are there; the key is another matter. */
    boolean accepts(ServerRequestHeaders headers);

    /** Whether the body is a request of this API. */
    boolean accepts(ObjectNode request);

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

    /** A header's value. */
    static Optional<String> value(ServerRequestHeaders headers, HeaderName name) {
        return headers.find(name).map(Header::get);
    }
}
