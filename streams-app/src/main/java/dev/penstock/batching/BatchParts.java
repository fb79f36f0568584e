package dev.penstock.batching;

import dev.penstock.config.BatchingConfig;
import dev.penstock.config.PenstockConfig;
import dev.penstock.config.RecordSizes;
import dev.penstock.config.TargetConfig;
import dev.penstock.schemas.BatchDirective;
import dev.penstock.schemas.CodecLimits;
import dev.penstock.schemas.Request;
import dev.penstock.schemas.RequestCodec;
import dev.penstock.work.Call;
import dev.penstock.work.PerTask;
import dev.penstock.work.Route;
import dev.penstock.work.TenantPolicies;
import dev.penstock.work.TokenCounter;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/** What both processors of the stage need. */
final class BatchParts {

    private final BatchingConfig config;
    private final Duration correctable;
    private final Map<String, TargetConfig> targets;
    private final TenantPolicies tenants;
    private final TokenCounter counter;
    private final BatchListener listener;
    private final RandomIds random;
    private final BatchPolicy policy = new BatchPolicy();
    private final PerTask<TaskBatches> tasks = new PerTask<>();
    /** What was admitted before is measured no more. */
    private final RequestCodec codec = new RequestCodec(CodecLimits.DEFAULT.withMaxBytes(RecordSizes.MAX_RECORD_BYTES));

    BatchParts(PenstockConfig config, TenantPolicies tenants, TokenCounter counter, BatchListener listener) {
        this(config, tenants, counter, listener, new SecureRandom());
    }

    BatchParts(
            PenstockConfig config,
            TenantPolicies tenants,
            TokenCounter counter,
            BatchListener listener,
            RandomGenerator random) {
        this.config = config.batching();
        this.correctable = config.budgets().retention();
        this.targets = config.targets().stream().collect(Collectors.toMap(TargetConfig::name, Function.identity()));
        this.tenants = tenants;
        this.counter = counter;
        this.listener = listener;
        this.random = new RandomIds(random);
    }

    /** Whether the call may share a prompt. Looks at nothing else if it does not ask, or the stage is off. */
    BatchDecision decide(TaskId task, Call call) {
        String tenant = call.ticket().tenant();
        if (!config.enabled() || call.request().batch() != BatchDirective.ALLOW) {
            return policy.decide(tenant, call.request(), call.route(), BatchDirective.NEVER);
        }
        return policy.decide(
                tenant,
                call.request().trimmedAs(tenants.trimming(task, tenant)),
                call.route(),
                Objects.requireNonNullElse(tenants.batching(task, tenant), config.tenants()));
    }

    boolean enabled() {
        return config.enabled();
    }

    /** What a request brings that was let into a window; null if this version would not let it in. */
    @Nullable
    BatchItem item(Member member, Request request) {
        BatchDecision decision = policy.decide(member.ticket().tenant(), request, member.route(), BatchDirective.ALLOW);
        return decision instanceof BatchDecision.Gather gather ? gather.item() : null;
    }

    /** The longest that a member waits for others. */
    Duration window() {
        return config.window();
    }

    BatchLimits limits(Request request, Route route) {
        Duration callTime = Objects.requireNonNullElse(request.attemptTimeout(), route.timeout());
        return new BatchLimits(config.maxItems(), config.window(), config.maxTokens(), callTime);
    }

    BatchPrompt prompt(List<BatchItem> items, Route route) {
        long cap = items.stream()
                .mapToLong(item -> item.outputCap(ownCap(route)))
                .max()
                .orElse(1);
        return BatchPrompt.of(
                items,
                format(route),
                BatchPrompt.outputCap(Collections.nCopies(items.size(), cap), config.maxOutputTokens()),
                random);
    }

    private long ownCap(Route route) {
        return route.chain().stream()
                .map(targets::get)
                .filter(Objects::nonNull)
                .mapToLong(TargetConfig::maxOutputTokens)
                .min()
                .orElse(config.maxOutputTokens());
    }

    /** Held to a schema where every target of the chain takes one. */
    private AnswerFormat format(Route route) {
        boolean anyWithout = route.chain().stream()
                .map(targets::get)
                .anyMatch(target -> target != null && target.kind() != TargetConfig.Kind.OPENAI);
        if (anyWithout) {
            return AnswerFormat.IN_WORDS;
        }
        return switch (config.answerFormat()) {
            case JSON_SCHEMA -> AnswerFormat.JSON_SCHEMA;
            case JSON_OBJECT -> AnswerFormat.JSON_OBJECT;
            case IN_WORDS -> AnswerFormat.IN_WORDS;
        };
    }

    TaskBatches start(ProcessorContext<?, ?> context) {
        BatchStore store = new BatchStore(context.getStateStore(Batching.STORE));
        return tasks.start(context, new TaskBatches(store, new TaskMembers()));
    }

    /** Those of a task whose first processor has started. */
    TaskBatches task(ProcessorContext<?, ?> context) {
        return tasks.of(context);
    }

    void end(ProcessorContext<?, ?> context, TaskBatches ended) {
        tasks.end(context, ended);
    }

    /** How long after a call is over its published cost may be corrected. */
    Duration correctable() {
        return correctable;
    }

    RequestCodec codec() {
        return codec;
    }

    TokenCounter counter() {
        return counter;
    }

    BatchListener listener() {
        return listener;
    }
}
