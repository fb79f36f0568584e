package dev.penstock.cli;

import dev.penstock.config.PenstockConfig;
import dev.penstock.console.ConsoleRefusal;
import dev.penstock.console.OperatorTopics;
import dev.penstock.deadletters.DeadLetter;
import dev.penstock.deadletters.DeadLetterSelection;
import dev.penstock.pipeline.Topics;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Tenant;
import dev.penstock.work.RequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the commands know to do with topics, for the page. */
final class PageTopics implements OperatorTopics {

    private static final Duration LONGEST_TRACE = Duration.ofSeconds(15);
    private static final int MOST_TRACES = 20;
    private static final int MAX_SHOWN = 80;
    private static final int MOST_SELECTED = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;

    private final KafkaClients clients;
    private final Topics topics;
    private final boolean withBudgets;
    private final RecentTopics recent;
    private final PageReplay replay;

    PageTopics(PenstockConfig config) {
        this.clients = KafkaClients.besidePipeline(config);
        this.topics = new Topics(config.topics().prefix());
        this.withBudgets = config.budgets().enabled();
        this.recent = new RecentTopics(clients, topics, config.topics().partitions(), withBudgets);
        this.replay = new PageReplay(clients, topics, config.dispatch().defaultDeadline());
    }

    @Override
    public ObjectNode deadLetters() {
        ObjectNode object = JsonLine.object();
        recent.letters().writeTo(object);
        return object.put("status", recent.status());
    }

    @Override
    public ObjectNode budgets() {
        ObjectNode object = JsonLine.object().put("enabled", withBudgets);
        if (withBudgets) {
            recent.budgets().writeTo(object);
            object.put("status", recent.status());
        }
        return object;
    }

    @Override
    public ObjectNode trace(String id, @Nullable String tenant, @Nullable String since) throws ConsoleRefusal {
        checkTenant(tenant);
        Instant now = Instant.now();
        Instant end = now.plus(LONGEST_TRACE);
        try {
            Instant from = since == null ? null : SinceText.read(since, now);
            TraceRun run = new TraceRun(
                    clients,
                    topics,
                    new TraceRun.Query(TraceCommand.requestId(topics, id), id, tenant, from),
                    new TraceRun.Limits(MOST_TRACES, () -> Instant.now().isAfter(end), Progress.untold()));
            return traces(run, run.traces());
        } catch (CommandFailure failed) {
            throw refusal(failed);
        }
    }

    private static ObjectNode traces(TraceRun run, Collection<Trace> found) {
        ObjectNode object = JsonLine.object();
        ArrayNode traces = object.putArray("traces");
        found.forEach(trace -> traces.add(trace.json()));
        return object.put("cut", run.isCut());
    }

    @Override
    public ObjectNode deadLetter(String id, boolean withPrompt) throws ConsoleRefusal {
        RequestId place = RequestId.parse(id);
        if (place == null || !place.topic().equals(topics.deadLetters())) {
            throw new ConsoleRefusal(
                    BAD_REQUEST,
                    "id: " + Cell.escaped(id, MAX_SHOWN) + " (expected: topic-partition-offset of a dead letter)");
        }
        try {
            TopicPartition partition = new TopicPartition(place.topic(), place.partition());
            return TopicReader.recordAt(clients, partition, place.offset())
                    .map(message -> DeadLetterPage.whole(DeadLetter.of(message), withPrompt))
                    .orElseThrow(() -> new ConsoleRefusal(NOT_FOUND, "id: not on the topic any more"));
        } catch (CommandFailure failed) {
            throw refusal(failed);
        }
    }

    @Override
    public ObjectNode planReplay(ObjectNode selection) throws ConsoleRefusal {
        String tenant = selection.path("tenant").asString("");
        checkTenant(tenant.isEmpty() ? null : tenant);
        DeadLetterSelection selected = new DeadLetterSelection(
                codes(texts(selection, "codes")),
                Set.of(),
                tenant.isEmpty() ? null : tenant,
                null,
                null,
                null,
                texts(selection, "ids"),
                Map.of());
        try {
            return replay.plan(selected);
        } catch (CommandFailure failed) {
            throw refusal(failed);
        }
    }

    @Override
    public ObjectNode startReplay(String plan) throws ConsoleRefusal {
        return replay.start(plan);
    }

    @Override
    public ObjectNode replay() {
        return replay.state();
    }

    @Override
    public void close() {
        recent.close();
        replay.close();
    }

    private static Set<String> texts(ObjectNode selection, String name) throws ConsoleRefusal {
        JsonNode list = selection.path(name);
        if (list.size() > MOST_SELECTED) {
            throw new ConsoleRefusal(
                    BAD_REQUEST, name + ": " + list.size() + " (expected: " + MOST_SELECTED + " or fewer)");
        }
        Set<String> texts = new HashSet<>();
        list.forEach(text -> texts.add(text.asString("")));
        return texts;
    }

    private static Set<DeadLetterCode> codes(Set<String> names) throws ConsoleRefusal {
        Set<DeadLetterCode> codes = new HashSet<>();
        for (String name : names) {
            codes.add(DeadLetterCode.fromCode(name)
                    .orElseThrow(() -> new ConsoleRefusal(
                            BAD_REQUEST, "codes: " + Cell.escaped(name, MAX_SHOWN) + " (expected: known codes)")));
        }
        return codes;
    }

    private static void checkTenant(@Nullable String tenant) throws ConsoleRefusal {
        if (tenant != null && !Tenant.isValid(tenant)) {
            throw new ConsoleRefusal(
                    BAD_REQUEST,
                    "tenant: " + Cell.escaped(tenant, MAX_SHOWN)
                            + " (expected: 1..128 characters of A-Z a-z 0-9 . _ / -)");
        }
    }

    private static ConsoleRefusal refusal(CommandFailure failed) {
        boolean asked = failed.exitCode() == CommandFailure.USAGE;
        return new ConsoleRefusal(
                asked ? BAD_REQUEST : UNAVAILABLE, Cell.escaped(String.valueOf(failed.getMessage()), 300));
    }
}
