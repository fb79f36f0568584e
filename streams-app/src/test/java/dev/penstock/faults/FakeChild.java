package dev.penstock.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.penstock.guarantees.Bodies;
import dev.penstock.guarantees.Event;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The fake provider in a process of its own: the witness outside. */
final class FakeChild {

    private final int port = Ports.free();
    private final Pages pages = new Pages(port);
    private final Path callLog;
    private final Child process;

    private FakeChild(Children children, Path callLog) {
        this.callLog = callLog;
        this.process = children.start(new ChildSpec(
                "fake", FakeProviderMain.class, "256m", List.of(Integer.toString(port), callLog.toString()), Map.of()));
    }

    /** A fake provider that is on its way. */
    static FakeChild launch(Children children, Path callLog) {
        return new FakeChild(children, callLog);
    }

    void awaitReady() {
        await().atMost(Limits.START).until(() -> process.output().contains(FakeProviderMain.READY));
    }

    String baseUrl() {
        return "http://127.0.0.1:" + port;
    }

    /** Does as the script says from now on, such as {@code latency: 2s}. */
    void follow(String script) {
        Pages.Page answer = pages.put("/control", script);
        if (answer.status() != 204) {
            throw new IllegalStateException("script refused: " + answer.text());
        }
    }

    /** Holds every call that comes from now on, until it is told to {@link #follow} something else. */
    void hold() {
        follow("hold: true");
    }

    /** Lets all go that it holds, and holds what comes after. */
    void letGo() {
        follow("hold: false");
        hold();
    }

    /** How many calls are neither answered nor given up. */
    int open() {
        return counts().path("open").asInt();
    }

    /**
     * How many of the calls that came with that key are open.
     *
     * @param since calls before that do not count: those of a process that was killed stay open for a while
     */
    int openOf(String key, Instant since) {
        String caller = Bodies.sha256(key.getBytes(UTF_8));
        return (int) calls().stream()
                .filter(call -> call.caller().equals(caller))
                .filter(call -> call.endedAt() == null && call.startedAt().isAfter(since))
                .count();
    }

    /** How many calls have come. */
    int received() {
        return counts().path("received").asInt();
    }

    /** Every call there was. */
    List<Event.ProviderCall> calls() {
        return CallLogReader.read(callLog);
    }

    private JsonNode counts() {
        return JsonMapper.shared().readTree(pages.get("/calls").text());
    }
}
