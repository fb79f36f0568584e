package dev.penstock.budget;

import dev.penstock.schemas.Alert;
import dev.penstock.schemas.Detail;
import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.Tenant;
import dev.penstock.schemas.TenantPolicy;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.schemas.WireCodec;
import dev.penstock.work.DueTimes;
import dev.penstock.work.Emission;
import dev.penstock.work.HeaderNames;
import dev.penstock.work.IntakeGate;
import dev.penstock.work.PolicyApplied;
import dev.penstock.work.SharedSpend;
import dev.penstock.work.Transactions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Reads policies and usage events, and tells where budgets stand. */
final class BudgetProcessor implements Processor<byte[], byte[], Object, Object> {

    private static final byte[] NOTHING = {};

    private final Budgets budgets;
    private final BudgetSources sources;
    private final IntakeGate gate;
    private final Transactions transactions;
    private final BudgetRoutes routes;
    private final WireCodec codec = new WireCodec();

    private ProcessorContext<Object, Object> context;
    private BudgetTask task;
    private DueTimes dueTimes;

    @SuppressWarnings("NullAway.Init") // all are set in init, before the first record
    BudgetProcessor(
            Budgets budgets, BudgetSources sources, IntakeGate gate, Transactions transactions, BudgetRoutes routes) {
        this.budgets = budgets;
        this.sources = sources;
        this.gate = gate;
        this.transactions = transactions;
        this.routes = routes;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        this.context = context;
        this.task = budgets.start(context, gate, transactions);
        this.dueTimes = task.dueTimes(context, this::emit);
        dueTimes.refresh();
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata place = context.recordMetadata().orElseThrow();
        if (place.topic().equals(sources.usage()) && isCounted(record)) {
            return;
        }
        Instant now = now();
        BudgetNews news = BudgetNews.of(record, place, sources.rerouted(), now);
        if (news.topic().equals(sources.tenants())) {
            policy(news, now);
        } else {
            usage(news, now);
        }
        dueTimes.refresh();
    }

    /** Our own event, as it comes back: no need to read it. */
    private boolean isCounted(Record<byte[], byte[]> record) {
        Header by = record.headers().lastHeader(HeaderNames.COUNTED_BY);
        return by != null && by.value() != null && task.hasCounted(new String(by.value(), StandardCharsets.UTF_8));
    }

    private void policy(BudgetNews news, Instant now) {
        String tenant = news.tenant();
        if (tenant == null || !Tenant.isValid(tenant)) {
            refuse(Alert.Kind.POLICY, Tenant.DEFAULT.name(), "the key of a policy (expected: a tenant's name)", now);
        } else if (isAtHome(news, tenant, now)
                && !(news.rerouted() && task.policies().isStale(tenant, news.at()))) {
            apply(tenant, news.value(), news.at(), now);
        }
    }

    private void apply(String tenant, byte @Nullable [] value, Instant at, Instant now) {
        if (value == null) {
            govern(tenant, null, at, now);
            return;
        }
        try {
            TenantPolicy policy = codec.readTenantPolicy(value);
            if (policy.tenant() != null && !policy.tenant().equals(tenant)) {
                throw new MalformedRecordException("tenant policy: tenant and record key differ");
            }
            govern(tenant, policy, at, now);
        } catch (MalformedRecordException broken) {
            boolean kept = task.policies().refuse(tenant, at);
            String what = kept ? "the policy before it stays in force: " : BudgetTask.DENIED;
            refuse(Alert.Kind.POLICY, tenant, what + broken.getMessage(), now);
            forward(tenant, new PolicyApplied(tenant), routes.applied());
        }
    }

    private void govern(String tenant, @Nullable TenantPolicy policy, Instant at, Instant now) {
        Instant since = task.policies().put(tenant, policy, at);
        PolicyChange change = policy == null || policy.budgets() == null
                ? task.accounts().governByDefault(tenant, since, now)
                : task.accounts().govern(tenant, policy.budgets(), since, now);
        if (change instanceof PolicyChange.Applied applied) {
            BudgetTask.alarm(tenant, applied.crossings(), this::emit, now);
        }
        task.touch(tenant, now);
        forward(tenant, new PolicyApplied(tenant), routes.applied());
    }

    private void usage(BudgetNews news, Instant now) {
        try {
            UsageEvent event = codec.readUsageEvent(Objects.requireNonNullElse(news.value(), NOTHING));
            // Only its home knows whether a tenant's spend is counted: the policy is there.
            if (isAtHome(news, event.tenant(), now) && task.counts(event.tenant())) {
                task.tell(event.tenant(), task.accounts().record(event, now), this::emit, now);
            }
        } catch (MalformedRecordException broken) {
            String key = news.tenant();
            String tenant = key != null && Tenant.isValid(key) ? key : Tenant.DEFAULT.name();
            refuse(Alert.Kind.BUDGET, tenant, String.valueOf(broken.getMessage()), now);
        }
    }

    /** Forwards what belongs to another partition, once. */
    private boolean isAtHome(BudgetNews news, String tenant, Instant now) {
        int home = sources.partitionOf().applyAsInt(tenant);
        if (home == news.partition()) {
            return true;
        }
        if (news.rerouted()) {
            Alert.Kind kind = news.topic().equals(sources.tenants()) ? Alert.Kind.POLICY : Alert.Kind.BUDGET;
            refuse(kind, tenant, "partition: " + news.partition() + " (expected: " + home + ", forwarded once)", now);
        } else {
            context.forward(forwarded(news, tenant, now), routes.rerouted());
        }
        return false;
    }

    private static Record<Object, Object> forwarded(BudgetNews news, String tenant, Instant now) {
        Record<Object, Object> record =
                new Record<>(tenant.getBytes(StandardCharsets.UTF_8), news.value(), now.toEpochMilli());
        Headers headers = record.headers();
        headers.add(HeaderNames.ORIGIN_TOPIC, news.topic().getBytes(StandardCharsets.UTF_8));
        headers.add(
                HeaderNames.ORIGIN_TIMESTAMP,
                Long.toString(news.at().toEpochMilli()).getBytes(StandardCharsets.UTF_8));
        return record;
    }

    private void refuse(Alert.Kind kind, String tenant, String why, Instant now) {
        String code = kind == Alert.Kind.POLICY ? BudgetTask.REFUSED_POLICY : BudgetTask.REFUSED_USAGE;
        emit(BudgetTask.alarm(kind, tenant, code, Detail.of(why), now));
    }

    /** What a shared call may have cost goes to those first who know whose it is. */
    private void emit(Emission emission) {
        SharedSpend.of(emission)
                .ifPresentOrElse(
                        shared -> forward(emission.owner(), shared, routes.shared()),
                        () -> forward(emission.owner(), emission, routes.emitted()));
    }

    private void forward(String owner, Object value, String route) {
        context.forward(new Record<>(owner, value, context.currentSystemTimeMs()), route);
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }

    @Override
    public void close() {
        dueTimes.close();
        budgets.ended(context.taskId(), task);
    }
}
