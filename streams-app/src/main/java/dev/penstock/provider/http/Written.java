package dev.penstock.provider.http;

import java.net.URI;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** A call as a dialect puts it. */
public sealed interface Written {

    /**
     * Can be sent.
     *
     * @param headers beside those that every call has; keys are in here, so it is not printed
     */
    record Message(URI uri, Map<String, String> headers, ObjectNode body) implements Written {
        @Override
        public String toString() {
            return "Message[uri=" + uri + "]";
        }
    }

    /**
     * The provider has no words for it.
     *
     * @param detail names the field and the rule, never the value of a text
     */
    record Untranslatable(String detail) implements Written {}
}
