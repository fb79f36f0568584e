package dev.penstock.guarantees;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * No request ends twice, and nothing ends that was not asked.
 *
 * <p>Legal: request 0-7 is sent; one result names 0-7. The record is read twice by a consumer that was rebalanced: same
 * position, so still one.
 *
 * <p>Illegal: two results at different positions name 0-7; a result and a dead letter name 0-7; a result names 0-9, which
 * nobody sent; a result names 0-7 but carries the {@code custom_id} of another request; a record on the results topic is
 * no result.
 */
public final class OneTerminalPerRequest implements Guarantee {

    private final KnownRequests requests = new KnownRequests();
    private final Map<Position, Content> ends = new LinkedHashMap<>();

    @Override
    public void onProduced(Event.Produced produced) {
        requests.add(produced);
    }

    @Override
    public void onObserved(Event.Observed observed) {
        requests.add(observed);
        if (observed.role() == Role.RESULTS || observed.role() == Role.DEAD_LETTERS) {
            ends.put(observed.position(), ContentReader.read(observed.role(), observed.message()));
        }
    }

    @Override
    public List<Violation> check() {
        List<Violation> violations = new ArrayList<>();
        Map<String, Position> firstEnd = new LinkedHashMap<>();
        ends.forEach((position, content) -> {
            if (!(content instanceof Content.Terminal terminal)) {
                violations.add(violation(position.requestId() + " is no terminal: " + content));
                return;
            }
            Position other = firstEnd.putIfAbsent(terminal.requestId(), position);
            if (other != null) {
                violations.add(violation(terminal.requestId() + " ended at " + other + " and at " + position));
            }
            checkBelongs(terminal, position, violations);
        });
        return violations;
    }

    private void checkBelongs(Content.Terminal terminal, Position position, List<Violation> violations) {
        if (!requests.contains(terminal.requestId())) {
            if (!requests.mayBeIncomplete()) {
                violations.add(violation(position + " ends " + terminal.requestId() + ", which nobody sent"));
            }
            return;
        }
        String asked = requests.asked(terminal.requestId())
                .map(Content.Asked::customId)
                .orElse(null);
        if (terminal instanceof Content.Result result && !Objects.equals(result.customId(), asked)) {
            violations.add(
                    violation(position + " ends " + terminal.requestId() + " with the custom_id of another request"));
        }
    }

    private Violation violation(String what) {
        return new Violation(name(), what);
    }
}
