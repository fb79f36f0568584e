package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.config.PenstockConfig;
import dev.penstock.deploy.Dashboard;
import dev.penstock.embedded.TestBroker;
import dev.penstock.fake.FakeProvider;
import dev.penstock.fake.FakeProviderSettings;
import dev.penstock.fake.FakeScript;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every panel of the dashboards, asked of a Prometheus that scraped an instance at work. */
@Tag("tools")
class DashboardsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SCRIPT =
            "{latency: 20ms, faults: [{rate: 0.2, status: 500}, {rate: 0.1, status: 429}, {rate: 0.1, cut: true}]}";
    private static final Pattern OWN_FAMILY =
            Pattern.compile("(?m)^# TYPE ((?:penstock|gen_ai_client|kafka)_[a-z_]+) ");

    @TempDir
    Path directory;

    private int sent;

    @Test
    void shouldShowSomethingInEveryPanel() throws Exception {
        try (TestBroker broker = TestBroker.start();
                FakeProvider fake =
                        FakeProvider.start(FakeProviderSettings.defaults().withScript(FakeScript.parse(SCRIPT)))) {
            // Given
            PenstockConfig config = config(broker, fake);
            CapturedRun.of(
                    "topics",
                    "create",
                    "--bootstrap-servers",
                    broker.bootstrapServers(),
                    "--set",
                    "topics.partitions=2",
                    "--set",
                    "topics.replication=1",
                    "--set",
                    "topics.min_insync_replicas=1");
            try (RunningApp app = RunningApp.start(config);
                    KafkaProducer<byte[], byte[]> producer = producer(broker);
                    PrometheusServer prometheus = PrometheusServer.start(
                            directory, URI.create(app.consoleUrl()).getAuthority())) {
                await().atMost(PATIENCE).until(() -> app.ready().ok() && prometheus.isReady());
                List<String> silent = new ArrayList<>(expressions());
                assertThat(silent).hasSizeGreaterThan(60);

                // When
                await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).until(() -> {
                    traffic(producer);
                    for (String expression : List.copyOf(silent)) {
                        if (prometheus.values(expression).stream().anyMatch(value -> !value.isNaN())) {
                            silent.remove(expression);
                        }
                    }
                    return silent.isEmpty() || sent > 1_000;
                });

                // Then
                assertThat(silent).as("queries that return nothing").isEmpty();
                List<String> explained = pageOfMetrics();
                assertThat(families(app))
                        .as("metrics that no page explains")
                        .allMatch(
                                name -> explained.contains(name) || explained.contains(name.replaceFirst("_max$", "")));
            }
        }
    }

    /** Grafana's variables, with everything chosen. */
    private static List<String> expressions() throws Exception {
        return Dashboard.all().stream()
                .flatMap(dashboard -> dashboard.queries().stream())
                .map(query -> query.expression()
                        .replace("$__rate_interval", "15s")
                        .replace("$job", "penstock")
                        .replaceAll("\\$[a-z]+", ".*"))
                .toList();
    }

    /** Answers, errors, repeats that the cache knows, calls that are shared, a request too dear, and one that is none. */
    private void traffic(KafkaProducer<byte[], byte[]> producer) throws Exception {
        for (int i = 0; i < 20; i++) {
            send(producer, "hello " + sent % 50, 100);
        }
        send(producer, "too dear", 100_000);
        producer.send(new ProducerRecord<>("llm.requests", "no JSON".getBytes(StandardCharsets.UTF_8)))
                .get();
    }

    private void send(KafkaProducer<byte[], byte[]> producer, String text, int cap) throws Exception {
        String line = "{\"custom_id\":\"c-" + sent++ + "\",\"tenant\":\"t-" + sent % 3
                + "\",\"body\":{\"model\":\"auto\",\"max_tokens\":" + cap
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}}";
        producer.send(new ProducerRecord<>("llm.requests", line.getBytes(StandardCharsets.UTF_8)))
                .get();
    }

    private PenstockConfig config(TestBroker broker, FakeProvider fake) throws Exception {
        Path prices = Files.writeString(
                directory.resolve("prices.yaml"),
                "models: {m-1: {input: 0.000001, output: 0.0001}, m-2: {input: 0.000001, output: 0.0001}}");
        return PenstockConfig.of(
                "kafka.bootstrap.servers=" + broker.bootstrapServers(),
                "topics.partitions=2",
                "topics.replication=1",
                "topics.min_insync_replicas=1",
                "instance.id=one",
                "instance.state_dir=" + directory.resolve("state"),
                "console.port=0",
                "console.probes_port=0",
                "cache.enabled=true",
                "budgets.enabled=true",
                "budgets.prices=" + prices,
                "budgets.max_budget=5",
                "budgets.max_tokens=1000000",
                "provider.base_url=" + fake.baseUrl(),
                "targets.one.model=m-1",
                "targets.two.model=m-2",
                "tiers.simple.chain=one,two",
                "tiers.medium.chain=one,two",
                "tiers.complex.chain=two,one");
    }

    private static KafkaProducer<byte[], byte[]> producer(TestBroker broker) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static List<String> families(RunningApp app) throws Exception {
        String page = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(app.consoleUrl() + "/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        return OWN_FAMILY.matcher(page).results().map(found -> found.group(1)).toList();
    }

    private static List<String> pageOfMetrics() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "metrics.md"));
        return Pattern.compile("`([a-z_]+)`")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .toList();
    }
}
