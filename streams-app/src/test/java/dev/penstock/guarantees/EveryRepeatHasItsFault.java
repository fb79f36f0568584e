package dev.penstock.guarantees;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A call is made once; once more at most for each fault that caught it in flight; and again after an attempt that the
 * provider refused, failed or never answered. So no answer is asked for twice but for what was in flight at the faults.
 *
 * <p>Legal: a call starts at 10:00:00, its process is killed at 10:00:01 while it is open, a second call with the same
 * key starts at 10:00:03. A call was refused with 503 and a later
 * attempt has the same key. A call was cut, and an attempt that starts after its end has the same key.
 *
 * <p>Illegal: two calls with one key and no fault between them; one fault and three calls; a call that was answered long
 * before the fault is repeated after it; a call whose body no request has.
 *
 * <p>A call counts as in flight until its outcome can have been written, which is a little longer than it is open.
 */
public final class EveryRepeatHasItsFault implements Guarantee {

    private final Duration outcomeWithin;
    private final KnownRequests requests = new KnownRequests();
    private final CallsByKey calls = new CallsByKey();
    private final List<Event.Fault> faults = new ArrayList<>();

    /**
     * @param outcomeWithin the longest time from the end of a call until its outcome is durable
     */
    public EveryRepeatHasItsFault(Duration outcomeWithin) {
        this.outcomeWithin = outcomeWithin;
    }

    @Override
    public void onProduced(Event.Produced produced) {
        requests.add(produced);
    }

    @Override
    public void onObserved(Event.Observed observed) {
        requests.add(observed);
    }

    @Override
    public void onCalled(Event.ProviderCall call) {
        calls.add(call);
    }

    @Override
    public void onFault(Event.Fault fault) {
        if (fault.kind().losesCalls()) {
            faults.add(fault);
        }
    }

    @Override
    public List<Violation> check() {
        List<Violation> violations = new ArrayList<>();
        Set<String> bodies = requests.bodyDigests();
        for (String key : calls.keys()) {
            List<Event.ProviderCall> attempts = calls.of(key);
            attempts.stream()
                    .filter(call -> !bodies.contains(call.bodyDigest()))
                    .map(call -> new Violation(name(), call.callId() + " asks what no request asked"))
                    .forEach(violations::add);
            for (int i = 1; i < attempts.size(); i++) {
                if (!explained(attempts.get(i - 1), attempts.get(i))) {
                    violations.add(new Violation(
                            name(),
                            attempts.get(i).callId() + " repeats "
                                    + attempts.get(i - 1).callId() + " though no fault caught that in flight"));
                }
            }
        }
        return violations;
    }

    private boolean explained(Event.ProviderCall earlier, Event.ProviderCall later) {
        return earlier.ending() == Event.Ending.REFUSED
                || (earlier.ending() != Event.Ending.ANSWERED && endedBefore(earlier, later))
                || faults.stream()
                        .anyMatch(fault -> earlier.inFlightAt(fault.at(), outcomeWithin)
                                && later.startedAt().isAfter(fault.at()));
    }

    private static boolean endedBefore(Event.ProviderCall earlier, Event.ProviderCall later) {
        return earlier.endedAt() != null && !earlier.endedAt().isAfter(later.startedAt());
    }
}
