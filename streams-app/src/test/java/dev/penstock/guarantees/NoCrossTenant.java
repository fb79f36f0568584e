package dev.penstock.guarantees;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * An answer belongs to the prompt and the tenant that asked.
 *
 * <p>Legal: tenants a and b ask alike texts that name them; each result carries the answer to its own text and its own
 * tenant, in the field and as the record's key.
 *
 * <p>Illegal: the result of a's request carries the answer to b's text; it names tenant b; its key is b, so that a
 * consumer that reads by key would hand it to b.
 */
public final class NoCrossTenant implements Guarantee {

    private record Answer(String key, Content.Result result) {}

    private final Function<Content.Asked, String> answerTo;
    private final KnownRequests requests = new KnownRequests();
    private final Map<Position, Answer> answers = new LinkedHashMap<>();

    /**
     * @param answerTo what the provider answers to a request: another prompt has another answer
     */
    public NoCrossTenant(Function<Content.Asked, String> answerTo) {
        this.answerTo = answerTo;
    }

    @Override
    public void onProduced(Event.Produced produced) {
        requests.add(produced);
    }

    @Override
    public void onObserved(Event.Observed observed) {
        requests.add(observed);
        if (observed.role() == Role.RESULTS
                && ContentReader.read(Role.RESULTS, observed.message()) instanceof Content.Result result) {
            String key = observed.message().key();
            answers.put(observed.position(), new Answer(key == null ? "" : key, result));
        }
    }

    @Override
    public List<Violation> check() {
        List<Violation> violations = new ArrayList<>();
        answers.forEach((position, answer) -> requests.asked(answer.result().requestId())
                .ifPresent(asked -> compare(position, asked, answer, violations)));
        return violations;
    }

    private void compare(Position position, Content.Asked asked, Answer answer, List<Violation> violations) {
        Content.Result result = answer.result();
        if (!result.tenant().equals(asked.tenant())) {
            violations.add(violation(position + " names tenant " + result.tenant() + ", asked by " + asked.tenant()));
        }
        if (!answer.key().equals(asked.tenant())) {
            violations.add(violation(position + " has key " + answer.key() + ", asked by " + asked.tenant()));
        }
        if (!result.text().equals(answerTo.apply(asked))) {
            violations.add(violation(position + " carries an answer to another prompt than " + result.requestId()));
        }
    }

    private Violation violation(String what) {
        return new Violation(name(), what);
    }
}
