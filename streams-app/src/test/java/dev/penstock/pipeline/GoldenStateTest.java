package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.completed;
import static dev.penstock.pipeline.OutcomeFixtures.failed;
import static dev.penstock.pipeline.OutcomeFixtures.parked;
import static dev.penstock.pipeline.Requests.codes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Result;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.WireCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Changelogs as earlier versions wrote them. Every entry is read to the same values today, and a pipeline goes on from them as if it had written
 * them itself. {@code -Dpenstock.update=true} writes those of this version that are missing, and none anew.
 */
class GoldenStateTest {

    private static final String UNDER_WAY = "under-way";
    private static final String BATCHING = "batching";
    private static final List<String> MOMENTS = List.of(UNDER_WAY, BATCHING);
    private static final Owner LATER_RUN = new Owner("node-1", "run-3");
    private static final Owner NEXT_RUN = new Owner("node-1", "run-4");
    private static final Pattern STORE = Pattern.compile("stores: \\[([^]]*)]");
    /** An answer that is kept apart from the verdicts that it belongs to. */
    private static final String LONG = new Random(1)
            .ints(1_000, 'a', 'z' + 1)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();

    private static final String BATCHES = "batching.enabled=true";

    @TempDir
    Path directory;

    private final WireCodec codec = new WireCodec();
    private Path prices = Path.of("set before each test");
    private @Nullable TestPipeline opened;

    @BeforeEach
    void writeWhatIsMissing() throws Exception {
        prices = directory.resolve("prices.yaml");
        Files.writeString(prices, "version: v-1\nmodels:\n  m-1: {input: 0, output: 0.001}\n");
        if (Boolean.getBoolean("penstock.update")) {
            GoldenStores.write(UNDER_WAY, entries(underWay()));
            GoldenStores.write(BATCHING, entries(batching()));
        }
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    @Test
    void shouldReadEveryEntryToTheSame() throws Exception {
        for (GoldenStores.Entry entry : allEntries()) {
            // When
            Object now = StoredTypes.read(entry.store(), entry.key(), entry.value());

            // Then
            String what = entry.store() + " " + StoredTypes.kindOf(entry.key());
            assertThat(now == null).as(what).isEqualTo(entry.read() == null);
            if (entry.read() != null) {
                assertThat(Kept.lost(entry.read(), GoldenStores.asRead(now)))
                        .as(what)
                        .isEmpty();
            }
        }
    }

    @Test
    void shouldHaveEntriesOfEveryKindOfEveryStore() throws Exception {
        // Given
        Map<String, Set<String>> kinds = new TreeMap<>();
        Set<Class<?>> seen = new HashSet<>();

        // When
        for (GoldenStores.Entry entry : allEntries()) {
            kinds.computeIfAbsent(entry.store(), any -> new TreeSet<>()).add(StoredTypes.kindOf(entry.key()));
            StoredTypes.seenIn(StoredTypes.read(entry.store(), entry.key(), entry.value()), seen);
        }

        // Then
        assertThat(kinds.keySet()).isEqualTo(storesOfTheTopology()).isEqualTo(StoredTypes.stores());
        for (String store : kinds.keySet()) {
            assertThat(kinds.get(store)).as(store).containsAll(StoredTypes.kinds(store));
        }
        assertThat(seen).containsAll(StoredTypes.all());
    }

    @Test
    void shouldGoOnFromWhatWasUnderWay() throws Exception {
        for (Path golden : found(UNDER_WAY)) {
            // Given
            TestPipeline pipeline = resumed(golden, sets());

            // When
            List<Result> results = new ArrayList<>();
            List<String> letters = new ArrayList<>();
            for (int step = 0; step < 12; step++) {
                pipeline.advance(step < 10 ? Duration.ofMillis(100) : Duration.ofMinutes(5));
                pipeline.commit();
                pipeline.takeLaunched().forEach(launch -> pipeline.deliver(completed(launch, "later")));
                pipeline.commit();
                results.addAll(results(pipeline));
                letters.addAll(codes(pipeline.deadLetters()));
            }
            BudgetStatus.Dollars spent = spent(pipeline);
            pipeline.send("acme", ask("answered", "one"));
            pipeline.send("acme", ask("refused", "two"));
            pipeline.send("acme", ask("asks-the-same", "one"));
            pipeline.commit();

            // Then
            assertThat(results)
                    .as("%s", golden)
                    .extracting(Result::customId)
                    .containsExactlyInAnyOrder(
                            "parked",
                            "freed",
                            "many",
                            "many",
                            "shares",
                            "flying",
                            "flying",
                            "follows",
                            "hasty",
                            "inherits");
            assertThat(letters).isEmpty();
            assertThat(pipeline.stores().size("calls")).isZero();
            assertThat(spent.reserved()).isZero();
            assertThat(spent.used())
                    .as("8 answers, two calls that were lost with their process, and another gateway's")
                    .isEqualByComparingTo("0.74");
            assertThat(results(pipeline))
                    .extracting(result -> result.penstock().source())
                    .containsExactly(Source.DUPLICATE, Source.CACHE);
            assertThat(codes(pipeline.deadLetters())).containsExactly("provider.bad_request");
            pipeline.close();
            opened = null;
        }
    }

    @Test
    void shouldGoOnFromWindowsAndSharedCalls() throws Exception {
        for (Path golden : found(BATCHING)) {
            // Given
            TestPipeline pipeline = resumed(golden, BATCHES);

            // When
            List<Result> results = new ArrayList<>();
            for (int step = 0; step < 12; step++) {
                pipeline.advance(Duration.ofMillis(250));
                pipeline.commit();
                for (Launch launch : pipeline.takeLaunched()) {
                    SharedAnswers answers = new SharedAnswers(launch);
                    pipeline.deliver(completed(launch, answers.size() == 0 ? "alone" : answers.json()));
                }
                pipeline.commit();
                results.addAll(results(pipeline));
            }

            // Then
            assertThat(results)
                    .as("%s", golden)
                    .extracting(Result::customId)
                    .containsExactlyInAnyOrder("left-1", "left-2", "waits-1", "waits-2");
            assertThat(results)
                    .allSatisfy(
                            result -> assertThat(result.penstock().batchSize()).isEqualTo(2));
            assertThat(kindsOf(pipeline, "batching")).containsOnly("P", "T");
            assertThat(pipeline.stores().size("calls")).isZero();
            pipeline.close();
            opened = null;
        }
    }

    /** Requests in every state that one can be in, in the transaction before the next step. */
    private TestPipeline underWay() {
        TestPipeline pipeline = open(sets());
        pipeline.govern(
                "acme", "{\"budgets\":[{\"budget_duration\":\"month\",\"max_budget\":100,\"soft_budget\":50}]}");
        pipeline.govern("beta", "{\"budgets\":[{\"budget_duration\":\"30s\",\"max_budget\":5}]}");
        pipeline.publishUsage("acme", usage("acme", "e-1", "0.5", pipeline.now()));
        pipeline.publishUsage("beta", usage("beta", "e-2", "0.5", pipeline.now().plusSeconds(40)));
        pipeline.deliver(completed(launched(pipeline, "answered", "one"), LONG));
        pipeline.send("acme", ask("hits", "one"));
        pipeline.deliver(failed(launched(pipeline, "refused", "two"), DeadLetterCode.PROVIDER_BAD_REQUEST, false));
        Launch dies = launched(pipeline, "dies", "nine");
        pipeline.send("acme", ask("inherits", "nine"));
        pipeline.deliver(failed(dies, FailureClass.PERMANENT, DeadLetterCode.DISPATCH_DEADLINE, false));
        pipeline.advance(Duration.ofMillis(100));
        pipeline.commit();
        pipeline.takeOneLaunched();
        Launch parks = launched(pipeline, "parked", "three");
        pipeline.deliver(
                parked(parks, DeadLetterCode.PROVIDER_THROTTLED, pipeline.now().plusSeconds(120)));
        launched(pipeline, "flying", "four");
        pipeline.send("acme", ask("flying", "four"));
        pipeline.send("acme", ask("follows", "four"));
        Launch many = launched(pipeline, "many", "five");
        for (int i = 0; i < StepBudget.USUAL.records() + 2; i++) {
            pipeline.send("acme", ask("many", "five"));
        }
        Launch shared = launched(pipeline, "shared", "six");
        pipeline.send("acme", ask("shares", "six"));
        Launch frees = launched(pipeline, "frees", "seven");
        pipeline.send("acme", ask("freed", "seven"));
        Launch hasty = launched(pipeline, "hasty", "eight");
        pipeline.send("acme", ask("hasty", "eight"));
        pipeline.commit();
        pipeline.deliver(completed(many, "now"));
        pipeline.deliver(completed(shared, "now"));
        pipeline.deliver(failed(frees, FailureClass.PERMANENT, DeadLetterCode.PROVIDER_UNAVAILABLE, false));
        // Its follower outlives it, and leads when a transaction has room for that.
        pipeline.deliver(failed(hasty, FailureClass.PERMANENT, DeadLetterCode.DISPATCH_DEADLINE, false));
        pipeline.commit();
        return pipeline;
    }

    /** Members that wait, members whose call has left, and those who may still owe for one that was lost. */
    private TestPipeline batching() {
        TestPipeline pipeline = open(BATCHES);
        pipeline.send("acme", lost("lost-1"));
        pipeline.send("acme", lost("lost-2"));
        pipeline.advance(Duration.ofMillis(250));
        pipeline.commit();
        pipeline.takeOneLaunched();
        pipeline.restart(LATER_RUN, BATCHES);
        pipeline.caughtUp();
        pipeline.advance(Duration.ofSeconds(1));
        pipeline.commit();
        for (String earlier : List.of("lost-1", "lost-2")) {
            pipeline.send("acme", "takes the offset that " + earlier + " had");
        }
        pipeline.send("acme", together("left-1"));
        pipeline.send("acme", together("left-2"));
        pipeline.advance(Duration.ofMillis(250));
        pipeline.commit();
        pipeline.takeOneLaunched();
        pipeline.send("acme", together("waits-1"));
        pipeline.send("acme", together("waits-2"));
        pipeline.commit();
        return pipeline;
    }

    private static Launch launched(TestPipeline pipeline, String customId, String content) {
        pipeline.send("acme", ask(customId, content));
        pipeline.commit();
        return pipeline.takeOneLaunched();
    }

    private static String ask(String customId, String content) {
        return "{\"custom_id\":\"" + customId + "\",\"body\":{\"model\":\"m-1\",\"max_tokens\":100,\"messages\":"
                + "[{\"role\":\"user\",\"content\":\"" + content
                + "\"}]},\"timeout_ms\":3600000,\"metadata\":{\"m\":1}}";
    }

    private static String together(String customId) {
        return Requests.request(customId, ",\"batch\":\"allow\"").replace("hello", customId);
    }

    private static byte[] usage(String tenant, String id, String usd, Instant at) {
        return ("{\"event_id\":\"" + id + "\",\"tenant\":\"" + tenant + "\",\"request_id\":\"r\",\"attempt\":1,"
                        + "\"provider\":\"other\",\"model\":\"m-1\",\"cost_usd\":" + usd
                        + ",\"status\":\"billed\",\"batch_size\":1,\"source\":\"provider\",\"at\":\"" + at + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String lost(String customId) {
        return Requests.request(customId, ",\"batch\":\"allow\",\"in_doubt\":\"fail\"")
                .replace("hello", customId);
    }

    private String[] sets() {
        return new String[] {"cache.enabled=true", "budgets.enabled=true", "budgets.prices=" + prices};
    }

    private TestPipeline open(String... sets) {
        TestPipeline pipeline = new TestPipeline(sets);
        opened = pipeline;
        return pipeline;
    }

    private TestPipeline resumed(Path golden, String... sets) throws IOException {
        List<GoldenStores.Entry> entries = GoldenStores.read(golden);
        TestPipeline pipeline = open(sets);
        for (String store : StoredTypes.stores()) {
            pipeline.stores().load(store, GoldenStores.values(entries, store));
        }
        pipeline.restart(NEXT_RUN, sets);
        pipeline.caughtUp();
        return pipeline;
    }

    private List<GoldenStores.Entry> entries(TestPipeline pipeline) throws ClassNotFoundException {
        List<GoldenStores.Entry> entries = new ArrayList<>();
        for (String store : StoredTypes.stores()) {
            for (var entry : pipeline.stores().entries(store).entrySet()) {
                Object read = StoredTypes.read(store, entry.getKey(), entry.getValue());
                entries.add(new GoldenStores.Entry(
                        store,
                        entry.getKey(),
                        entry.getValue(),
                        read == null ? null : GoldenStores.JSON.valueToTree(read)));
            }
        }
        pipeline.close();
        opened = null;
        return entries;
    }

    private static Set<String> kindsOf(TestPipeline pipeline, String store) {
        return pipeline.stores().entries(store).keySet().stream()
                .map(StoredTypes::kindOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Path> found(String moment) throws IOException {
        List<Path> found = GoldenStores.of(moment);
        assertThat(found).as(moment).isNotEmpty();
        return found;
    }

    private static List<GoldenStores.Entry> allEntries() throws IOException {
        List<GoldenStores.Entry> all = new ArrayList<>();
        for (String moment : MOMENTS) {
            for (Path golden : found(moment)) {
                all.addAll(GoldenStores.read(golden));
            }
        }
        return all;
    }

    private static Set<String> storesOfTheTopology() {
        String described = TestPipeline.describe(PenstockConfig.of("budgets.enabled=true", "batching.enabled=true"));
        Set<String> stores = new TreeSet<>();
        STORE.matcher(described)
                .results()
                .flatMap(found -> Pattern.compile(", ").splitAsStream(found.group(1)))
                .filter(name -> !name.isEmpty())
                .forEach(stores::add);
        return stores;
    }

    private List<Result> results(TestPipeline pipeline) throws Exception {
        List<Result> results = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : pipeline.results()) {
            results.add(codec.readResult(record.value()));
        }
        return results;
    }

    private BudgetStatus.Dollars spent(TestPipeline pipeline) throws Exception {
        BudgetStatus.Dollars last = null;
        for (TestRecord<byte[], byte[]> record : pipeline.budgets()) {
            BudgetStatus status = codec.readBudgetStatus(record.value());
            if (status.tenant().equals("acme") && status.model() == null) {
                last = status.usd();
            }
        }
        assertThat(last).isNotNull();
        return Objects.requireNonNull(last);
    }
}
