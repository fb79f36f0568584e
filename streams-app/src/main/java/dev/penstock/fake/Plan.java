package dev.penstock.fake;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one call will get.
 *
 * @param api the language it came in
 * @param request the parsed body; null if it is not one, then there is a fault
 */
record Plan(Api api, @Nullable ObjectNode request, Optional<Fault> fault, Duration latency) {

    String label() {
        return fault.map(Fault::label).orElse("answer");
    }
}
