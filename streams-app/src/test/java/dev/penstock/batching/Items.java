package dev.penstock.batching;

import dev.penstock.RequestLines;
import dev.penstock.schemas.BatchDirective;
import dev.penstock.work.Route;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.node.JsonNodeFactory;

/** Members of a batch. */
final class Items {

    static final Route ROUTE = new Route("simple", List.of("mini", "haiku"), null, Duration.ofSeconds(30));

    /** What a request says that asks for it. */
    static final String ASKED = ",\"batch\":\"allow\"";

    private Items() {}

    /** The item of a request with one user message. */
    static BatchItem item(String text) {
        return gathered(body(text, "")).item();
    }

    static BatchDecision.Gather gathered(String body) {
        return (BatchDecision.Gather)
                new BatchPolicy().decide("acme", RequestLines.request(body, ASKED), ROUTE, BatchDirective.ALLOW);
    }

    static String body(String text, String extra) {
        String quoted = JsonNodeFactory.instance.stringNode(text).toString();
        return "{\"model\":\"auto\",\"messages\":[{\"role\":\"system\",\"content\":\"be brief\"},"
                + "{\"role\":\"user\",\"content\":" + quoted + "}]" + extra + "}";
    }

    static RandomIds ids(long seed) {
        return new RandomIds(new Random(seed));
    }
}
