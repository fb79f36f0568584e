package dev.penstock.guarantees;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Once what a call came to stands on the outcomes topic, and is final, the call is not made again.
 *
 * <p>Legal: a call is answered, its outcome is appended at 10:00:00, nothing follows. A call is open when its process is
 * killed, no outcome is appended, and a second call with the same key starts: it is counted elsewhere. A call ends with a
 * failure that may be retried, and a later request with the same key calls again.
 *
 * <p>Illegal: an answer's outcome is appended at 10:00:00 and a call with the same key starts at 10:00:02.
 *
 * <p>The time between the decision to call and its arrival at the provider is allowed for: a call decided before the
 * outcome was appended may arrive just after it. Outcomes topics are set to append time, so that the broker's clock
 * judges and not that of a process that was paused.
 */
public final class NoCallRepeatedAfterItsOutcome implements Guarantee {

    private record Final(Position position, Instant appendedAt, Content.Outcome outcome) {}

    private final Duration decisionToSend;
    private final KnownRequests requests = new KnownRequests();
    private final CallsByKey calls = new CallsByKey();
    private final List<Final> finals = new ArrayList<>();

    /**
     * @param decisionToSend the longest time that a call may take from its decision to the provider
     */
    public NoCallRepeatedAfterItsOutcome(Duration decisionToSend) {
        this.decisionToSend = decisionToSend;
    }

    @Override
    public void onProduced(Event.Produced produced) {
        requests.add(produced);
    }

    @Override
    public void onCalled(Event.ProviderCall call) {
        calls.add(call);
    }

    @Override
    public void onObserved(Event.Observed observed) {
        requests.add(observed);
        if (observed.role() == Role.OUTCOMES
                && ContentReader.read(Role.OUTCOMES, observed.message()) instanceof Content.Outcome outcome
                && outcome.isFinal()) {
            finals.add(new Final(observed.position(), observed.timestamp(), outcome));
        }
    }

    @Override
    public List<Violation> check() {
        Map<String, Final> firstFinal = new HashMap<>();
        for (Final end : finals) {
            keyOf(end.outcome())
                    .ifPresent(key ->
                            firstFinal.merge(key, end, (a, b) -> a.appendedAt().isAfter(b.appendedAt()) ? b : a));
        }
        List<Violation> violations = new ArrayList<>();
        firstFinal.forEach((key, end) -> {
            for (Event.ProviderCall call : calls.of(key)) {
                if (call.startedAt().isAfter(end.appendedAt().plus(decisionToSend))) {
                    violations.add(new Violation(
                            name(),
                            call.callId() + " started at " + call.startedAt() + ", but " + end.position()
                                    + " had the outcome at " + end.appendedAt()));
                }
            }
        });
        return violations;
    }

    private Optional<String> keyOf(Content.Outcome outcome) {
        Optional<String> byCall = Optional.ofNullable(outcome.callId()).flatMap(calls::keyOfCall);
        return byCall.or(
                () -> requests.asked(outcome.requestId()).flatMap(asked -> calls.onlyKeyOfBody(asked.bodyDigest())));
    }
}
