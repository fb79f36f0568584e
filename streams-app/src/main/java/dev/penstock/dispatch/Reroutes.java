package dev.penstock.dispatch;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.work.RequestId;
import dev.penstock.work.Reservations.Answer;
import dev.penstock.work.Route;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The other routes that calls were given in one pass of a task. A call takes no route twice and only so many in all: a pass
 * ends whatever the policies say that choose routes, even if each sends the call back to where the other one took it from.
 */
final class Reroutes {

    /** A tier that is not allowed, a model that is, a cheaper tier: more changes than that have no reason. */
    static final int MAX = 4;

    /** What a route leads to; why it was chosen makes no difference. */
    private record Way(
            @Nullable String tier,
            List<String> chain,
            @Nullable String model) {
        static Way of(Route route) {
            return new Way(route.tier(), route.chain(), route.model());
        }
    }

    private static final class Taken {
        private final Set<Way> ways = new HashSet<>();
        private final DeadLetterCode otherwise;

        private Taken(DeadLetterCode otherwise) {
            this.otherwise = otherwise;
        }
    }

    private final Map<RequestId, Taken> calls = new HashMap<>();

    /**
     * A call is to take another route.
     *
     * @param from the one that it has
     * @return what it ends with, because it had that route or too many; null if it may take it
     */
    Answer.@Nullable Denied refuses(RequestId id, Route from, Answer.Instead instead) {
        Taken taken = calls.computeIfAbsent(id, call -> new Taken(instead.insteadOf()));
        taken.ways.add(Way.of(from));
        if (taken.ways.size() <= MAX && taken.ways.add(Way.of(instead.route()))) {
            return null;
        }
        return new Answer.Denied(taken.otherwise, "no route is left that is allowed and that the budgets hold");
    }

    /** The pass is over. */
    void clear() {
        calls.clear();
    }
}
