package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.guarantees.Content;
import dev.penstock.guarantees.ContentReader;
import dev.penstock.guarantees.Delivery;
import dev.penstock.guarantees.Event;
import dev.penstock.guarantees.HistoryRecorder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The stage of one scenario: topics, a fake provider, instances of the program, and the clients that write the history.
 * Everything it started ends with it.
 */
final class Rig implements AutoCloseable {

    private final Path directory;
    private final String bootstrap;
    private final RigTopics topics;
    private final Children children;
    private final FakeChild fake;
    private final HistoryRecorder recorder = new HistoryRecorder();
    private final List<AppChild> apps = new ArrayList<>();
    private final Set<String> ended = new HashSet<>();
    private @Nullable RequestSender sender;
    private @Nullable TopicReader ends;

    private Rig(String name, Path directory, Children children, String bootstrap) {
        this.directory = directory;
        this.bootstrap = bootstrap;
        this.children = children;
        this.topics = RigTopics.of(name + ".");
        this.fake = FakeChild.launch(children, directory.resolve("calls.jsonl"));
    }

    /** A stage on the broker that scenarios share. */
    static Rig start(String name) {
        Path directory = Outputs.fresh(name);
        Rig rig = new Rig(name, directory, new Children(directory), SharedBroker.bootstrap());
        rig.createTopics();
        rig.fake.awaitReady();
        return rig;
    }

    /** A stage on a broker of its own, which is launched already; topics are not made yet. */
    static Rig startOn(BrokerChild broker, String name, Path directory, Children children) {
        Rig rig = new Rig(name, directory, children, broker.bootstrap());
        rig.fake.awaitReady();
        return rig;
    }

    void createTopics() {
        topics.create(bootstrap);
    }

    /** Where the scenario keeps what it writes. */
    Path directory() {
        return directory;
    }

    String bootstrap() {
        return bootstrap;
    }

    RigTopics topics() {
        return topics;
    }

    FakeChild fake() {
        return fake;
    }

    HistoryRecorder recorder() {
        return recorder;
    }

    List<Child> processes() {
        return children.all();
    }

    /** How that instance would be started, with the limits that suit tests. */
    AppSpec spec(String instance) {
        return AppSpec.of(instance, topics.names().prefix(), bootstrap, fake.baseUrl(), directory.resolve("state"));
    }

    AppChild launch(AppSpec spec) {
        AppChild app = AppChild.launch(children, spec);
        apps.add(app);
        return app;
    }

    /** An instance that nobody starts again. */
    Child launchUnsupervised(AppSpec spec) {
        return children.start(spec.child());
    }

    /** A process of any kind; it ends with the scenario. */
    Child launchUnsupervised(ChildSpec spec) {
        return children.start(spec);
    }

    RequestSender sender() {
        if (sender == null) {
            sender = new RequestSender(bootstrap, topics.names().requests(), recorder);
        }
        return sender;
    }

    /** Writes down that a fault is about to strike, with the number of calls that are open. */
    void recordFault(Event.Fault.Kind kind, AppChild app) {
        recorder.add(
                new Event.Fault(Instant.now(), kind, app.process().current().name(), openCallsOf(app)));
    }

    void recordFault(Event.Fault.Kind kind, String target) {
        recorder.add(new Event.Fault(Instant.now(), kind, target, fake.open()));
    }

    /** How many calls the present run of that instance has open. */
    int openCallsOf(AppChild app) {
        return fake.openOf(app.key(), app.process().current().startedAt());
    }

    /** SIGKILL, with the number of calls that it had open; returns when the process is gone. */
    void kill(AppChild app) {
        int open = openCallsOf(app);
        Child victim = app.process().current();
        victim.signal(Signal.KILL);
        victim.awaitExit(Limits.START);
        recorder.add(new Event.Fault(Instant.now(), Event.Fault.Kind.KILL, victim.name(), open));
    }

    /** SIGSTOP, with the number of calls that it had open. */
    void pause(AppChild app) {
        int open = openCallsOf(app);
        app.process().signal(Signal.STOP);
        recorder.add(new Event.Fault(
                Instant.now(), Event.Fault.Kind.PAUSE, app.process().current().name(), open));
    }

    /** SIGCONT. */
    void resume(AppChild app) {
        recordFault(Event.Fault.Kind.RESUME, app);
        app.process().signal(Signal.CONT);
    }

    /** Returns when the present run of that instance has as many calls open. */
    void awaitOpenCalls(AppChild app, int atLeast) {
        await().atMost(Limits.WORK).until(() -> openCallsOf(app) >= atLeast);
    }

    void awaitOpenCalls(int atLeast) {
        await().atMost(Limits.WORK).until(() -> fake.open() >= atLeast);
    }

    /** Returns when as many requests have ended. */
    void awaitEnds(int atLeast) {
        await().atMost(Limits.WORK).pollInSameThread().until(() -> readEnds() >= atLeast);
    }

    /** Returns when every request that was acknowledged has ended. */
    void awaitAllEnds() {
        List<String> sent = acknowledged();
        await().atMost(Limits.WORK).pollInSameThread().until(() -> {
            readEnds();
            return ended.containsAll(sent);
        });
    }

    /** Returns when the group has read all that was sent. */
    void awaitRead() {
        await().atMost(Limits.WORK).until(() -> GroupLag.of(bootstrap, topics) == 0);
    }

    /** The names of the instances that the group counts among its members. */
    Set<String> members() {
        return GroupMembers.instances(bootstrap, topics);
    }

    /** Whether the group has read all that was sent, and the provider has nothing open. */
    boolean isDrained() {
        return fake.open() == 0 && GroupLag.of(bootstrap, topics) == 0;
    }

    /** Returns when nothing is left over: all is read, and no instance that lives has a call that runs or waits. */
    void awaitRest() {
        await().atMost(Limits.WORK)
                .untilAsserted(
                        () -> assertThat(leftOver()).as("what is left over").isEmpty());
    }

    private List<String> leftOver() {
        List<String> left = new ArrayList<>();
        if (fake.open() != 0) {
            left.add("fake: " + fake.open() + " calls open");
        }
        long lag = GroupLag.of(bootstrap, topics);
        if (lag != 0) {
            left.add("group: " + lag + " records not read");
        }
        apps.forEach(app -> left.addAll(app.leftOver()));
        return left;
    }

    /** Adds to the history what auditors can read when all is over: the other topics, the calls, the logs. */
    void audit() {
        readEnds();
        try (TopicReader rest = new TopicReader(bootstrap, topics.others())) {
            rest.readToEnd().forEach(recorder::add);
        }
        fake.calls().forEach(recorder::add);
        for (Child child : children.all()) {
            recorder.add(new Event.Printed(child.log().getFileName().toString(), child.output()));
        }
    }

    Path writeHistory() {
        return recorder.writeTo(directory.resolve("history.jsonl"));
    }

    @Override
    public void close() {
        children.close();
        if (sender != null) {
            sender.close();
        }
        if (ends != null) {
            ends.close();
        }
    }

    /** What has ended up to now, by request. */
    Map<String, Content.Terminal> terminals() {
        Map<String, Content.Terminal> terminals = new HashMap<>();
        recorder.history().of(Event.Observed.class).forEach(each -> {
            if (ContentReader.read(each.role(), each.message()) instanceof Content.Terminal terminal) {
                terminals.put(terminal.requestId(), terminal);
            }
        });
        return terminals;
    }

    private int readEnds() {
        if (ends == null) {
            ends = new TopicReader(bootstrap, topics.ends());
        }
        for (Event.Observed end : ends.poll()) {
            recorder.add(end);
            if (ContentReader.read(end.role(), end.message()) instanceof Content.Terminal terminal) {
                ended.add(terminal.requestId());
            }
        }
        return ended.size();
    }

    private List<String> acknowledged() {
        List<String> ids = new ArrayList<>();
        recorder.history().of(Event.Produced.class).forEach(produced -> {
            if (produced.delivery() instanceof Delivery.Acked acked) {
                ids.add(acked.position().requestId());
            }
        });
        return ids;
    }
}
