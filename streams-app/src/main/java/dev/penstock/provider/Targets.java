package dev.penstock.provider;

import dev.penstock.config.BreakerConfig;
import dev.penstock.config.TargetConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All targets of an instance, by name. Safe for any number of threads; nothing here blocks but a lease's call.
 *
 * <p>Who asks may have read the clock a while ago: a stream thread reads it between steps, and a step may be held up. Time
 * here never goes back for that. Where the clock itself is set back, what is closed stays closed for as much longer; that
 * is a few seconds at most, since an instance whose clock is set by more ends.
 */
public final class Targets implements AutoCloseable {

    private final Map<String, ProviderStack> stacks = new LinkedHashMap<>();
    private final Map<String, RateTurns> turns;
    private final InstantSource clock;

    /**
     * @param providers makes the provider of a target; these are closed with this
     * @param clock time of day; the {@code now} that is passed in is read from the same one
     */
    public Targets(
            List<TargetConfig> targets,
            BreakerConfig breaker,
            Function<TargetConfig, Provider> providers,
            MeterRegistry meters,
            InstantSource clock,
            TargetListener listener) {
        this.clock = clock;
        TargetListener guarded = new GuardedListener(listener);
        TargetGauges gauges = new TargetGauges(meters, clock);
        Accounts limits = new Accounts(targets, breaker.longestProbe());
        Map<String, RateGate> accounts = limits.gates();
        this.turns = limits.turns();
        accounts.forEach(gauges::register);
        for (TargetConfig target : targets) {
            RateGate account = Objects.requireNonNull(accounts.get(target.quota()));
            ProviderStack stack =
                    new ProviderStack(target, providers.apply(target), account, breaker, meters, clock, guarded);
            gauges.register(stack);
            stacks.put(target.name(), stack);
        }
    }

    /** In the order of the configuration. */
    public List<String> names() {
        return List.copyOf(stacks.keySet());
    }

    /** Whether the configuration has a target of that name. */
    public boolean has(String target) {
        return stacks.containsKey(target);
    }

    /** How all targets look now. */
    public List<TargetView> look(Instant now) {
        Instant latest = latest(now);
        return stacks.values().stream().map(stack -> view(stack, null, latest)).toList();
    }

    /**
     * How the targets of a chain look now to a task that asks for them, in the chain's order. A name that the configuration
     * no longer has is left out.
     *
     * @param tenant for whose call; null for that of any
     */
    public List<TargetView> look(List<String> chain, int task, @Nullable String tenant, Instant now) {
        Instant latest = latest(now);
        return look(chain, tenant, latest).stream()
                .map(view -> inTurn(view, task, latest))
                .toList();
    }

    /** The same without asking: no turn is taken or waited for. */
    public List<TargetView> look(List<String> chain, @Nullable String tenant, Instant now) {
        Instant latest = latest(now);
        return chain.stream()
                .filter(this::has)
                .map(name -> view(stack(name), tenant, latest))
                .toList();
    }

    private TargetView inTurn(TargetView view, int task, Instant now) {
        return view.as(turns(view.name()).look(task, view.availability(), view.isRateLimited(), now));
    }

    /**
     * Enters a target.
     *
     * @param task whose turn it is to be, where the target's rates are limited
     * @param tenant whose call it is
     * @param tokens the most that the call asks for, input and output
     * @throws IllegalArgumentException if there is no target of that name
     */
    public Entry enter(String target, int task, String tenant, long tokens, Instant now) {
        Instant latest = latest(now);
        ProviderStack stack = stack(target);
        RateTurns order = turns(target);
        Availability seen = order.areTaken()
                ? inTurn(view(stack, tenant, latest), task, latest).availability()
                : new Availability.Open();
        if (!seen.isOpen()) {
            return new Entry.NotNow(seen);
        }
        long usable = stack.usable(tokens);
        return switch (stack.top().enter(tenant, usable, latest)) {
            case Entry.NotNow notNow -> notNow;
            case Entry.Entered entered ->
                LeaseDecorator.around(entered.lease(), lease -> {
                    order.entered(task, usable, latest);
                    return new OnceLease(new TurnLease(lease, order, task, usable));
                });
        };
    }

    private RateTurns turns(String target) {
        return Objects.requireNonNull(turns.get(stack(target).quota()));
    }

    /**
     * How many turns a call is worth among the tenants that wait for its chain: by what it claims of the first token rate among
     * the chain's targets; one where there is none.
     */
    public long turnsOf(List<String> chain, long tokens) {
        @Nullable ProviderStack limited = limited(chain);
        return limited == null ? 1 : turns(limited.name()).turnsOf(limited.usable(tokens));
    }

    /** The account of the first token rate among the chain's targets; null if there is none. */
    public @Nullable String accountOf(List<String> chain) {
        @Nullable ProviderStack limited = limited(chain);
        return limited == null ? null : limited.quota();
    }

    private @Nullable ProviderStack limited(List<String> chain) {
        for (String target : chain) {
            if (has(target) && turns(target).countTokens()) {
                return stack(target);
            }
        }
        return null;
    }

    /** The task has left the instance: its turns are others'. */
    public void left(int task) {
        turns.values().forEach(order -> order.left(task));
    }

    private Instant latest(Instant now) {
        Instant read = clock.instant();
        return read.isAfter(now) ? read : now;
    }

    ProviderStack stack(String target) {
        ProviderStack stack = stacks.get(target);
        if (stack == null) {
            throw new IllegalArgumentException("target: " + target + " (expected: one of " + stacks.keySet() + ")");
        }
        return stack;
    }

    private static TargetView view(ProviderStack stack, @Nullable String tenant, Instant now) {
        return new TargetView(
                stack.name(),
                stack.top().look(tenant, now),
                stack.breaker().text(now),
                stack.gate().state(now));
    }

    /** Closes the providers. Calls that still run end at once as failures. */
    @Override
    public void close() {
        stacks.values().forEach(stack -> stack.provider().close());
    }
}
