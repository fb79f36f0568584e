package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A stream thread meets what it cannot get over: somebody made the results topic too small for any result. The process ends,
 * so that its supervisor sees it, refuses to start while that is so, and neither loses nor repeats a call.
 */
@Execution(ExecutionMode.CONCURRENT)
@Tag("long")
class StreamErrorIT {

    private static final int FAILED = 1;
    private static final String LIMIT = "max.message.bytes";

    @Test
    void shouldEndTheProcessAndGoOnWhenTheCauseIsGone() {
        // Given
        try (Rig rig = Rig.start("stream-error")) {
            rig.fake().follow("latency: 500ms");
            AppChild app = rig.launch(rig.spec("one").with("dispatch.permits", "50"));
            app.awaitReady();
            String results = rig.topics().names().results();
            List<Workload.Line> lines = new Workload("stream-error", 20).lines(300, Seed.next("stream-error"));
            rig.sender().send(lines.subList(0, 100));
            rig.awaitAllEnds();

            // When
            alterLimit(rig, results, 100);
            rig.sender().send(lines.subList(100, 300));
            await().atMost(Limits.WORK).until(() -> app.process().exits().size() >= 2);
            alterLimit(rig, results, 2 * 1024 * 1024);
            rig.awaitAllEnds();

            // Then
            assertThat(app.process().exits()).allMatch(exit -> exit == FAILED);
            assertThat(rig.processes().stream().map(Child::output))
                    .as("a start in the meantime")
                    .anyMatch(said -> said.contains(results + ": " + LIMIT + ": 100 (expected: at least 2097152)"));
            Judgement.judge(
                    rig,
                    Judgement.promises(),
                    Judgement.afterKill()
                            .allow("RecordCollectorImpl", "the result that the topic does not take")
                            .allow(
                                    "(LogAndFailProcessingExceptionHandler|ProcessorNode|TaskExecutor) ",
                                    "the same, if it comes to light while the next record is processed")
                            .allow("the pipeline cannot go on", "that is what is wanted")
                            .allow("opted to SHUTDOWN_CLIENT", "the same, in the words of Streams"));
        }
    }

    private static void alterLimit(Rig rig, String topic, int bytes) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp op = new AlterConfigOp(new ConfigEntry(LIMIT, Integer.toString(bytes)), AlterConfigOp.OpType.SET);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", rig.bootstrap()))) {
            admin.incrementalAlterConfigs(Map.of(resource, List.of(op))).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("topic cannot be altered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while altering a topic", e);
        }
    }
}
