package dev.penstock.dispatch;

import dev.penstock.config.BudgetsConfig;
import dev.penstock.config.TargetConfig;
import dev.penstock.schemas.Request;
import dev.penstock.schemas.RequestCodec;
import dev.penstock.work.IntakeGate;
import dev.penstock.work.Reservations;
import dev.penstock.work.Route;
import dev.penstock.work.Transactions;
import java.util.Map;
import java.util.Objects;

/**
 * What every task of the stage shares.
 *
 * @param policy decides
 * @param choice where the next attempt goes
 * @param timeouts of attempts
 * @param targets by name
 * @param tenantMaxInFlight calls at once of one tenant whose policy does not say; 0 for no cap
 * @param budgets how calls are held that no budget has room for
 * @param permits the calls that this instance may have in flight
 * @param runner makes them
 * @param transactions holds launches back until they are durable
 * @param gate closes intake while too much waits
 * @param listener is told what waits
 * @param codec reads a stored request again when its turn comes
 * @param reservations opens the budgets of a task
 * @param routes where what is over goes
 */
record DispatchParts(
        DispatchPolicy policy,
        AttemptChoice choice,
        AttemptTimeouts timeouts,
        Map<String, TargetConfig> targets,
        int tenantMaxInFlight,
        BudgetsConfig budgets,
        Permits permits,
        CallRunner runner,
        Transactions transactions,
        IntakeGate gate,
        WaitingListener listener,
        RequestCodec codec,
        Reservations.Opener reservations,
        DispatchRoutes routes) {

    /** Whether leave is given to shorten the prompt of a request for a target, by itself or by what that target says of its context. */
    boolean mayShorten(Request request, String target) {
        TargetConfig config = targets.get(target);
        return config != null && Prompts.mayShorten(request.trim(), config);
    }

    /** The model that a call of that route asks of that target; it may be a target of an earlier configuration. */
    String modelOf(Route route, String target) {
        TargetConfig config = targets.get(target);
        return config == null
                ? Objects.requireNonNullElse(route.model(), "unknown")
                : ProviderBody.model(route, config);
    }
}
