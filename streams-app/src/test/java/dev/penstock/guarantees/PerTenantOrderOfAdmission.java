package dev.penstock.guarantees;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Requests of one tenant that stand in one partition are admitted in the order in which they stand there. Their answers
 * may come in any order.
 *
 * <p>Legal: 0-7 is admitted at 10:00:00 and 0-8 at 10:00:00; the result of 0-8 is read first.
 *
 * <p>Illegal: 0-8 is admitted at 10:00:00 and 0-7 at 10:00:01, both of tenant a.
 */
public final class PerTenantOrderOfAdmission implements Guarantee {

    private record Lane(String tenant, String topic, int partition) {}

    private record Admission(Position request, Instant at) {}

    private final KnownRequests requests = new KnownRequests();
    private final List<Content.Result> results = new ArrayList<>();

    @Override
    public void onProduced(Event.Produced produced) {
        requests.add(produced);
    }

    @Override
    public void onObserved(Event.Observed observed) {
        requests.add(observed);
        if (observed.role() == Role.RESULTS
                && ContentReader.read(Role.RESULTS, observed.message()) instanceof Content.Result result) {
            results.add(result);
        }
    }

    @Override
    public List<Violation> check() {
        Map<Lane, List<Admission>> lanes = new HashMap<>();
        for (Content.Result result : results) {
            Position request = requests.position(result.requestId()).orElse(null);
            Instant at = result.admittedAt();
            if (request != null && at != null) {
                lanes.computeIfAbsent(
                                new Lane(result.tenant(), request.topic(), request.partition()),
                                lane -> new ArrayList<>())
                        .add(new Admission(request, at));
            }
        }
        List<Violation> violations = new ArrayList<>();
        lanes.values().forEach(lane -> checkLane(lane, violations));
        return violations;
    }

    private void checkLane(List<Admission> lane, List<Violation> violations) {
        lane.sort(Comparator.comparingLong(admission -> admission.request().offset()));
        for (int i = 1; i < lane.size(); i++) {
            Admission earlier = lane.get(i - 1);
            Admission later = lane.get(i);
            if (later.at().isBefore(earlier.at())) {
                violations.add(new Violation(
                        name(),
                        later.request() + " was admitted at " + later.at() + ", before " + earlier.request() + " at "
                                + earlier.at()));
            }
        }
    }
}
