package dev.penstock.pipeline;

import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.PenstockSection;
import dev.penstock.schemas.TokenUsage;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.schemas.WireCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline with budgets on. Calls of 100 output tokens at a tenth of a cent each: every one of them reserves ten cents. */
abstract class TenCentFlow {

    static final TokenUsage ALL_OF_IT = new TokenUsage(7, 100, 0, 0);
    final WireCodec codec = new WireCodec();
    Path prices = Path.of("set before each test");

    @Nullable
    TestPipeline opened;

    @BeforeEach
    void writePrices(@TempDir Path dir) throws IOException {
        prices = dir.resolve("prices.yaml");
        Files.writeString(prices, """
                version: v-1
                models:
                  m-1: {input: 0, output: 0.001}
                  dear: {input: 0, output: 0.001}
                  cheap: {input: 0, output: 0.0001}
                """);
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    TestPipeline pipeline(String... sets) {
        opened = new TestPipeline(priced(sets));
        return opened;
    }

    String[] priced(String... sets) {
        List<String> all = new ArrayList<>(List.of(sets));
        all.add("budgets.enabled=true");
        all.add("budgets.prices=" + prices);
        return all.toArray(String[]::new);
    }

    static String request(String customId) {
        return request(customId, "m-1", "");
    }

    static String request(String customId, String model, String more) {
        return "{\"custom_id\":\"" + customId + "\",\"body\":{\"model\":\"" + model
                + "\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}" + more + "}";
    }

    static String policy(String usd) {
        return "{\"budgets\":[{\"budget_duration\":\"month\",\"max_budget\":" + usd + "}]}";
    }

    PenstockSection result(TestRecord<byte[], byte[]> record) throws MalformedRecordException {
        return codec.readResult(record.value()).penstock();
    }

    UsageEvent event(TestRecord<byte[], byte[]> record) throws MalformedRecordException {
        return codec.readUsageEvent(record.value());
    }

    List<String> alerts(TestPipeline pipeline) throws MalformedRecordException {
        List<String> alerts = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : pipeline.alerts()) {
            alerts.add(String.valueOf(codec.readAlert(record.value()).to()));
        }
        return alerts;
    }

    BudgetStatus.Dollars month(TestPipeline pipeline) throws MalformedRecordException {
        BudgetStatus last = null;
        for (TestRecord<byte[], byte[]> record : pipeline.budgets()) {
            BudgetStatus status = codec.readBudgetStatus(record.value());
            last = status.window().equals("month") && status.model() == null ? status : last;
        }
        return Objects.requireNonNull(Objects.requireNonNull(last).usd());
    }

    static byte[] usage(String id, String usd, Instant at) {
        return ("{\"event_id\":\"" + id + "\",\"tenant\":\"acme\",\"request_id\":\"r-1\",\"attempt\":1,"
                        + "\"provider\":\"gateway\",\"model\":\"m-9\",\"cost_usd\":" + usd
                        + ",\"status\":\"billed\",\"batch_size\":1,\"source\":\"provider\",\"at\":\"" + at + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
