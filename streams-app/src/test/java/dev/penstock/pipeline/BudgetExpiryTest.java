package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.schemas.WireCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a ledger keeps of single calls ends on time, whether or not anything else happens. */
class BudgetExpiryTest {

    private final WireCodec codec = new WireCodec();
    private final List<String> events = new ArrayList<>();
    private TestPipeline pipeline;

    @BeforeEach
    void open(@TempDir Path dir) throws Exception {
        Path prices = dir.resolve("prices.yaml");
        Files.writeString(prices, "models: {m-1: {input: 0, output: 0.0000001}}");
        pipeline = new TestPipeline(
                "budgets.enabled=true", "budgets.prices=" + prices, "budgets.max_budget=1000", "budgets.retention=1h");
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    private void call(String name) throws Exception {
        call("acme", name);
    }

    private void call(String tenant, String name) throws Exception {
        pipeline.send(tenant, Requests.request(name, ""));
        pipeline.commit();
        for (Launch launch : pipeline.takeLaunched()) {
            pipeline.endCall(launch);
            pipeline.deliver(answered(launch, "hi"));
        }
        pipeline.commit();
        readBack();
    }

    /** What was written to the usage topic is read again, as a broker would give it. */
    private void readBack() throws Exception {
        for (TestRecord<byte[], byte[]> record : pipeline.usage()) {
            UsageEvent event = codec.readUsageEvent(record.value());
            events.add(event.requestId() + " " + event.status());
            pipeline.publishUsage(new TestRecord<>(record.key(), record.value(), record.headers(), pipeline.now()));
        }
    }

    private void passWithTraffic(int minutes) throws Exception {
        for (int minute = 0; minute < minutes; minute++) {
            pipeline.advance(Duration.ofSeconds(30));
            call("b-" + minute);
            pipeline.advance(Duration.ofSeconds(30));
            pipeline.commit();
            readBack();
        }
    }

    private int rows() {
        return pipeline.stores().size("budget");
    }

    @Test
    void shouldForgetChargesAfterTheRetentionWhileOthersAreMade() throws Exception {
        // Given
        for (int i = 0; i < 600; i++) {
            call("a-" + i);
        }
        assertThat(rows()).isGreaterThan(2 * 600);

        // When
        passWithTraffic(6 * 60);

        // Then
        assertThat(rows()).as("two rows for each call of an hour").isLessThan(2 * 63 + 8);
    }

    @Test
    void shouldForgetChargesOfManyTenantsWhileOthersAreMade() throws Exception {
        // Given
        for (int i = 0; i < 2_000; i++) {
            call("t-" + i % 20, "a-" + i);
        }
        for (int minute = 0; minute < 61; minute++) {
            pipeline.advance(Duration.ofMinutes(1));
            pipeline.commit();
        }

        // When
        for (int i = 0; i < 1_200; i++) {
            pipeline.advance(Duration.ofMillis(100));
            call("t-" + i % 20, "b-" + i);
        }

        // Then
        assertThat(rows()).as("two rows for each call of two minutes").isLessThan(2 * 1_200 + 20 * 8);
    }

    @Test
    void shouldForgetMoreChargesThanGoInOneStepWithoutTraffic() throws Exception {
        // Given
        for (int i = 0; i < 1_200; i++) {
            call("a-" + i);
        }

        // When
        pipeline.advance(Duration.ofHours(1));
        for (int second = 0; second < 60; second++) {
            pipeline.advance(Duration.ofSeconds(1));
            pipeline.commit();
        }
        pipeline.commit();

        // Then
        assertThat(rows()).as("the tenant's totals").isLessThan(8);
    }

    @Test
    void shouldChargeAReservationThatNobodySettlesWhileOthersAreMade() throws Exception {
        // Given
        pipeline.send("acme", Requests.request("lost", ""));
        pipeline.commit();
        pipeline.takeOneLaunched();

        // When
        passWithTraffic(3 * 60);

        // Then
        assertThat(events).filteredOn(event -> event.endsWith(" UNKNOWN")).hasSize(1);
    }

    @Test
    void shouldChargeAReservationThatNobodySettlesWithoutTraffic() throws Exception {
        // Given
        pipeline.send("acme", Requests.request("lost", ""));
        pipeline.commit();
        pipeline.takeOneLaunched();

        // When
        for (int minute = 0; minute < 3 * 60; minute++) {
            pipeline.advance(Duration.ofMinutes(1));
        }
        pipeline.commit();
        readBack();

        // Then
        assertThat(events).filteredOn(event -> event.endsWith(" UNKNOWN")).hasSize(1);
    }
}
