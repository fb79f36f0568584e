package dev.penstock.guarantees;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Every request that reached the topic ends.
 *
 * <p>Legal: 0-7 was acknowledged and a dead letter names it; a send whose acknowledgement never came stands on no topic
 * and has no end.
 *
 * <p>Illegal: 0-7 was acknowledged and nothing names it; a send without acknowledgement is read on the requests topic as
 * 0-8, and nothing names that.
 */
public final class NothingLost implements Guarantee {

    private final KnownRequests requests = new KnownRequests();
    private final Set<String> ended = new HashSet<>();

    @Override
    public void onProduced(Event.Produced produced) {
        requests.add(produced);
    }

    @Override
    public void onObserved(Event.Observed observed) {
        requests.add(observed);
        if (observed.role() == Role.RESULTS || observed.role() == Role.DEAD_LETTERS) {
            if (ContentReader.read(observed.role(), observed.message()) instanceof Content.Terminal terminal) {
                ended.add(terminal.requestId());
            }
        }
    }

    @Override
    public List<Violation> check() {
        List<Violation> violations = new ArrayList<>();
        for (String id : requests.ids()) {
            if (!ended.contains(id)) {
                violations.add(new Violation(name(), id + " never ended"));
            }
        }
        return violations;
    }
}
