package dev.penstock.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.guarantees.Content;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Producers whose clocks are wrong by years, on a topic that believes them: nothing expires, nothing is called early. */
@Execution(ExecutionMode.CONCURRENT)
class ForeignTimestampsIT {

    private static final List<Duration> WRONG_BY =
            List.of(Duration.ofDays(-3_650), Duration.ZERO, Duration.ofMinutes(59), Duration.ofDays(-1));

    @Test
    void shouldNotTrustTheTimeOfARecord() {
        // Given
        try (Rig rig = Rig.start("timestamps")) {
            AppChild app = rig.launch(rig.spec("one"));
            app.awaitReady();
            believeProducers(rig);

            // When
            for (int round = 0; round < 2; round++) {
                for (Duration wrong : WRONG_BY) {
                    sendTwice(rig, "round-" + round + wrong, wrong);
                }
            }
            rig.awaitAllEnds();

            // Then
            await().atMost(Limits.WORK).until(rig::isDrained);
            Judgement.judge(rig);
            assertThat(rig.fake().received()).isEqualTo(2 * WRONG_BY.size());
            assertThat(rig.terminals().values())
                    .hasSize(4 * WRONG_BY.size())
                    .allMatch(Content.Result.class::isInstance);
        }
    }

    private static void sendTwice(Rig rig, String customId, Duration wrong) {
        Workload.Line line = Workload.line("tenant-of-" + customId, customId, "");
        long timestamp = Instant.now().plus(wrong).toEpochMilli();
        for (int copy = 0; copy < 2; copy++) {
            rig.sender()
                    .send(new ProducerRecord<>(
                            rig.topics().names().requests(),
                            null,
                            timestamp,
                            line.tenant().getBytes(UTF_8),
                            line.json().getBytes(UTF_8)));
        }
        rig.sender().flush();
    }

    private static void believeProducers(Rig rig) {
        ConfigResource topic = new ConfigResource(
                ConfigResource.Type.TOPIC, rig.topics().names().requests());
        AlterConfigOp op =
                new AlterConfigOp(new ConfigEntry("message.timestamp.type", "CreateTime"), AlterConfigOp.OpType.SET);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", rig.bootstrap()))) {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(op))).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("topic cannot be altered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while altering a topic", e);
        }
    }
}
