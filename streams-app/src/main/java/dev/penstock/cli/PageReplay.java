package dev.penstock.cli;

import dev.penstock.console.ConsoleRefusal;
import dev.penstock.deadletters.DeadLetterSelection;
import dev.penstock.pipeline.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** Replays that the page asks for: counted first, then confirmed by the name of the count, one at a time. It is the replay of the commands. */
final class PageReplay implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PageReplay.class);
    private static final Duration VALID = Duration.ofMinutes(5);

    private final KafkaClients clients;
    private final Topics topics;
    private final Duration timeout;
    private final AtomicReference<@Nullable Plan> plan = new AtomicReference<>();
    private final AtomicReference<Job> job = new AtomicReference<>(new Job("none", 0, ""));
    private volatile boolean closed;

    private record Plan(String id, ReplayRun run, long total, Instant at) {}

    /** How a replay goes: {@code none}, {@code running}, {@code done} or {@code failed}. */
    private record Job(String state, long letters, String text) {}

    /** @param timeout how long the answers are of use, where the requests had an absolute deadline */
    PageReplay(KafkaClients clients, Topics topics, Duration timeout) {
        this.clients = clients;
        this.topics = topics;
        this.timeout = timeout;
    }

    /** Counts. Only the last count can be confirmed. */
    ObjectNode plan(DeadLetterSelection selection) throws CommandFailure {
        ReplayRun run = new ReplayRun(clients, topics, selection, false, timeout, 0, Progress.untold());
        ReplayCount count = run.count();
        Plan made = new Plan(UUID.randomUUID().toString(), run, count.total(), Instant.now());
        plan.set(made);
        ObjectNode answer = count.json("to_replay");
        count.refusals().forEach(answer.putArray("refusals")::add);
        return answer.put("plan", made.id());
    }

    /** @throws ConsoleRefusal 409 when there is no such count any more, or another replay runs */
    ObjectNode start(String id) throws ConsoleRefusal {
        Plan wanted = plan.get();
        if (wanted == null || !wanted.id().equals(id) || wanted.at().plus(VALID).isBefore(Instant.now())) {
            throw new ConsoleRefusal(409, "replay: not counted, or counted too long ago; count again");
        }
        Job before = job.get();
        Job running = new Job("running", wanted.total(), "");
        if (before.state().equals("running") || !job.compareAndSet(before, running)) {
            throw new ConsoleRefusal(409, "replay: another one runs");
        }
        plan.set(null);
        Thread.ofPlatform().daemon().name("console-replay").start(() -> job.set(done(wanted)));
        return state();
    }

    ObjectNode state() {
        Job now = job.get();
        return JsonLine.object()
                .put("state", now.state())
                .put("letters", now.letters())
                .put("text", now.text());
    }

    private Job done(Plan wanted) {
        LOG.atInfo().addKeyValue("dead_letters", wanted.total()).log("replay asked for on the page");
        try {
            ReplayCount count = wanted.run().replay(() -> closed, wanted.total());
            LOG.atInfo().addKeyValue("replayed", count.total()).log("replay done");
            return new Job("done", count.total(), count.total() + " replayed");
        } catch (CommandFailure | KafkaException failed) {
            return new Job("failed", 0, Cell.escaped(String.valueOf(failed.getMessage()), 300));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Job("failed", 0, "interrupted");
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
