package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.guarantees.Content;
import dev.penstock.guarantees.ContentReader;
import dev.penstock.guarantees.Event;
import dev.penstock.pipeline.TenantPartitions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** One tenant floods its partition with what it calls urgent; another one on the same partition, who comes later with bulk, is served in its turn. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("long")
class FloodingTenantIT {

    private static final int FLOOD = 5_000;
    private static final int SMALL = 100;

    @Test
    void shouldServeASmallTenantBeforeAnothersFloodThatCameEarlier() {
        try (Rig rig = Rig.start("flood")) {
            // Given
            String flooding = "flooding";
            String small = onThePartitionOf(flooding);
            rig.fake().hold();
            AppChild app = rig.launch(rig.spec("one")
                    .with("provider.timeout", "10m")
                    .with("dispatch.permits", "100")
                    .with("dispatch.waiting.max_items", Integer.toString(2 * FLOOD)));
            app.awaitReady();

            // When
            rig.sender().send(lines(flooding, FLOOD, "interactive"));
            rig.sender().send(lines(small, SMALL, "bulk"));
            rig.awaitRead();
            rig.fake().follow("latency: 5ms");
            rig.awaitAllEnds();

            // Then
            List<String> order = tenantsInTheOrderOfTheirEnds(rig, flooding, small);
            assertThat(order).hasSize(FLOOD + SMALL);
            assertThat(order.subList(0, order.lastIndexOf(small)).stream().filter(flooding::equals))
                    .hasSizeLessThan(FLOOD / 4);
            Judgement.judge(rig);
        }
    }

    private static List<Workload.Line> lines(String tenant, int count, String priority) {
        String members = "\"priority\":\"" + priority + "\",";
        return IntStream.range(0, count)
                .mapToObj(number -> Workload.line(tenant, tenant + "-" + number, members))
                .toList();
    }

    private static String onThePartitionOf(String tenant) {
        TenantPartitions partitions = new TenantPartitions(RigTopics.PARTITIONS);
        return IntStream.range(0, 1_000)
                .mapToObj(number -> "small-" + number)
                .filter(name -> partitions.applyAsInt(name) == partitions.applyAsInt(tenant))
                .findFirst()
                .orElseThrow();
    }

    /** Both tenants' results stand in one partition of the results topic, in the order in which they were written. */
    private static List<String> tenantsInTheOrderOfTheirEnds(Rig rig, String... tenants) {
        List<String> order = new ArrayList<>();
        for (Event.Observed end :
                rig.recorder().history().of(Event.Observed.class).toList()) {
            if (ContentReader.read(end.role(), end.message()) instanceof Content.Result result
                    && List.of(tenants).contains(result.tenant())) {
                order.add(result.tenant());
            }
        }
        return order;
    }
}
