package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.embedded.OwnBroker;
import dev.penstock.guarantees.Event;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The broker is not there at the start and dies five times under load; or it is away for longer than any transaction. */
@OwnBroker("the broker is killed, and comes back on its port with its data")
@Tag("patient")
@Execution(ExecutionMode.CONCURRENT)
class BrokerDownIT {

    private static final int KILLS = 5;
    private static final int OPEN_CALLS = 50;

    /** Beyond the transaction timeout and the group session timeout. */
    private static final Duration AWAY = Duration.ofSeconds(70);

    /** Of one core, while there is no broker: an instance that retried without a pause would take a whole one. */
    private static final double BUSY_SHARE = 0.5;

    @Test
    void shouldEndEveryRequestOnceThoughTheBrokerComesLateAndIsKilledFiveTimes() {
        // Given
        Path directory = Outputs.fresh("broker-killed");
        Children children = new Children(directory);
        BrokerChild broker = BrokerChild.launch(children, directory.resolve("data"));
        broker.awaitReady();
        broker.kill();
        try (Rig rig = Rig.startOn(broker, "broker-killed", directory, children)) {
            rig.fake().hold();
            AppChild app = rig.launch(rig.spec("one").patient().with("dispatch.permits", "100"));
            await().atMost(Limits.START)
                    .until(() -> app.process().current().output().contains("no broker answers; the start waits"));
            broker.startAgain();
            broker.awaitReady();
            rig.createTopics();
            app.awaitReady();

            // When
            rig.sender().send(new Workload("broker-killed", 40).lines(1_800, Seed.next("broker-killed")));
            for (int kill = 0; kill < KILLS; kill++) {
                rig.awaitOpenCalls(app, OPEN_CALLS);
                killBroker(rig, broker);
                rig.fake().letGo();
                broker.startAgain();
                broker.awaitReady();
            }
            rig.fake().follow("latency: 5ms");
            rig.awaitAllEnds();

            // Then
            judge(rig, app, KILLS);
        }
    }

    @Test
    void shouldEndEveryRequestOnceThoughTheBrokerIsAwayForLong() {
        // Given
        Path directory = Outputs.fresh("broker-away");
        Children children = new Children(directory);
        BrokerChild broker = BrokerChild.launch(children, directory.resolve("data"));
        try (Rig rig = Rig.startOn(broker, "broker-away", directory, children)) {
            rig.fake().hold();
            broker.awaitReady();
            rig.createTopics();
            AppChild app = rig.launch(rig.spec("one").patient().with("dispatch.permits", "100"));
            app.awaitReady();

            // When
            rig.sender().send(new Workload("broker-away", 40).lines(600, Seed.next("broker-away")));
            rig.awaitOpenCalls(app, OPEN_CALLS);
            killBroker(rig, broker);
            rig.fake().follow("latency: 5ms");
            Duration used = processorTimeWhileAway(app);
            broker.startAgain();
            broker.awaitReady();
            rig.awaitAllEnds();

            // Then
            judge(rig, app, 1);
            assertThat(used.toMillis()).isLessThan((long) (AWAY.toMillis() * BUSY_SHARE));
        }
    }

    private static void judge(Rig rig, AppChild app, int kills) {
        await().atMost(Limits.WORK).until(() -> app.pages().isReady() && rig.isDrained());
        Judgement.judgeQuiet(rig, Judgement.promises(), whileTheBrokerIsAway());
        assertThat(rig.recorder().history().of(Event.Fault.class))
                .hasSize(kills)
                .allSatisfy(fault -> assertThat(fault.openCalls()).isGreaterThanOrEqualTo(OPEN_CALLS));
    }

    private static void killBroker(Rig rig, BrokerChild broker) {
        rig.recordFault(Event.Fault.Kind.KILL, "broker");
        broker.kill();
    }

    /** Waits for as long as the broker is to be away, whether the instance lives through it or is started again. */
    private static Duration processorTimeWhileAway(AppChild app) {
        Child before = app.process().current();
        Duration already = before.cpuTime();
        await().pollDelay(AWAY).atMost(AWAY.plus(Limits.START)).until(() -> true);
        Duration now = app.process().current().cpuTime();
        return app.process().current() == before ? now.minus(already) : now;
    }

    private static LogAudit whileTheBrokerIsAway() {
        return Judgement.afterKill()
                .leaveOut(
                        BrokerChild.NAME,
                        "a broker that is killed and comes back logs errors of its own parts that are not ready yet")
                .allow(
                        "(Missing|missing) source topics|Caught an error in the task assignment",
                        "a broker that has just come back may not know its topics yet; the instance ends then")
                .allow("the pipeline cannot go on", "an instance may end instead, to be started again")
                .allow("opted to SHUTDOWN_CLIENT", "the same, in the words of Streams");
    }
}
