package dev.penstock.console;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Topics that say what was asked of them. */
final class KeptTopics implements OperatorTopics {

    private static final JsonMapper JSON = new JsonMapper();

    final List<String> asked = new ArrayList<>();
    final CountDownLatch reading = new CountDownLatch(1);
    volatile @Nullable CountDownLatch held;
    volatile boolean broken;

    @Override
    public ObjectNode deadLetters() {
        return JSON.createObjectNode().put("status", "current");
    }

    @Override
    public ObjectNode budgets() {
        return JSON.createObjectNode().put("enabled", false);
    }

    @Override
    public ObjectNode trace(String id, @Nullable String tenant, @Nullable String since) throws ConsoleRefusal {
        CountDownLatch hold = held;
        if (hold != null) {
            reading.countDown();
            await(hold);
        }
        return note("trace " + id + " " + tenant + " " + since);
    }

    @Override
    public ObjectNode deadLetter(String id, boolean withPrompt) {
        return note("dead letter " + id + " " + withPrompt);
    }

    @Override
    public ObjectNode planReplay(ObjectNode selection) {
        return note("plan " + selection);
    }

    @Override
    public ObjectNode startReplay(String plan) {
        return note("replay " + plan);
    }

    @Override
    public ObjectNode replay() {
        return JSON.createObjectNode().put("state", "none");
    }

    @Override
    public void close() {}

    private ObjectNode note(String what) {
        if (broken) {
            throw new IllegalStateException("a secret of the inside");
        }
        synchronized (asked) {
            asked.add(what);
        }
        return JSON.createObjectNode().put("asked", what);
    }

    private static void await(CountDownLatch hold) throws ConsoleRefusal {
        try {
            hold.await();
        } catch (InterruptedException interrupted) {
            throw new ConsoleRefusal(503, "interrupted");
        }
    }
}
