package dev.penstock.cli;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.penstock.config.ConsoleConfig;
import dev.penstock.config.PenstockConfig;
import dev.penstock.console.Console;
import dev.penstock.console.ConsoleSources;
import dev.penstock.console.Health;
import dev.penstock.console.HealthSource;
import dev.penstock.fake.FakeProvider;
import dev.penstock.fake.FakeProviderSettings;
import dev.penstock.fake.FakeScript;
import dev.penstock.provider.TargetView;
import dev.penstock.schemas.DeadLetterCode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, before a real pipeline that has a good day and then a bad one. */
@Tag("tools")
class ConsoleBrowserIT {

    private static final String TOKEN = "canary-token-0123456789";
    private static final String WORDS = "canary-words-51b2";
    private static final int WIDE = 1280;
    private static final int NARROW = 390;
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final double PATIENCE_MILLIS = 45_000;
    private static final FakeScript SOME_LATENCY = FakeScript.parse("latency: 60ms");
    private static final FakeScript BROKEN = FakeScript.parse("faults: [{rate: 1, status: 500}]");

    @TempDir
    private static Path directory;

    private static CommandsRig kafka;
    private static FakeProvider fake;
    private static RunningApp app;
    private static BrowserRig browser;
    private static KafkaProducer<byte[], byte[]> producer;
    private static int sent;

    @BeforeAll
    static void start() throws Exception {
        kafka = CommandsRig.start();
        kafka.topics("ui.");
        fake = FakeProvider.start(FakeProviderSettings.defaults());
        fake.follow(SOME_LATENCY);
        producer = kafka.clients().producer();
        Path token = Files.writeString(directory.resolve("token"), TOKEN);
        app = RunningApp.start(PenstockConfig.of(
                "kafka.bootstrap.servers=" + kafka.servers(),
                "topics.prefix=ui.",
                "topics.partitions=3",
                "topics.replication=1",
                "topics.min_insync_replicas=1",
                "instance.id=browser",
                "instance.state_dir=" + directory.resolve("state"),
                "provider.name=local",
                "provider.base_url=" + fake.baseUrl(),
                "breaker.open_for=5s",
                "breaker.ramp_up=0s",
                "budgets.enabled=true",
                "budgets.max_tokens=3000000",
                "budgets.budget_duration=day",
                "console.port=0",
                "console.probes_port=0",
                "console.token={file: " + token + "}"));
        await().atMost(Duration.ofSeconds(90)).until(() -> app.ready().ok());
        browser = BrowserRig.start();
    }

    @AfterAll
    static void stop() {
        browser.close();
        app.close();
        producer.close();
        fake.close();
        kafka.close();
    }

    @Test
    void shouldShowAGoodDayAndABadOneAndReplayWhatWasLost() {
        // Given
        Page page = browser.open(app.consoleUrl(), WIDE, ColorScheme.LIGHT);
        see(page.locator("#a-healthy"), "Healthy");
        System.out.printf("first paint: %.0f ms%n", firstPaint(page));

        // When: requests flow, some of them hostile
        Set<String> pictures = new HashSet<>();
        await().atMost(PATIENCE).pollInSameThread().until(() -> {
            send(10, "", "");
            pictures.add(canvas(page));
            return pictures.size() > 4
                    && page.locator("#a-flowing").textContent().matches(".*[1-9].*");
        });
        sendLine("hostile", "\\u001b[31m<img src=x onerror=alert(1)>\\u202e", " [[fake status=400]]", "");
        sendLine("hostile", "y".repeat(1_000_000), "", "");

        // Then
        see(page.locator("#budgets"), "tenant-1");
        see(page.locator("#dead"), "provider.bad_request");
        see(page.locator("#dead"), "intake.too_large");
        assertThat(browser.violations(page)).isEmpty();
        page.getByRole(AriaRole.BUTTON, named("Examples of provider.bad_request"))
                .click();
        see(page.locator("#dead"), "\\u001b[31m<img src=x");
        browser.shoot(page, "console-light");

        // When: the provider breaks
        fake.follow(BROKEN);
        send(30, "", ",\"timeout_ms\":4000");

        // Then
        see(page.locator("#targets"), Pattern.compile("no, again.*open"));
        see(page.locator("#a-healthy"), Pattern.compile("No target|Degraded"));
        see(page.locator("#a-stuck"), "parked");
        see(page.locator("#dead"), "dispatch.deadline");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        assertThat(browser.violations(page)).isEmpty();
        browser.shoot(page, "console-dark-outage");

        // When: it is well again, and the dead letters are replayed from the page
        fake.follow(SOME_LATENCY);
        page.getByLabel("Choose dispatch.deadline").check();
        page.getByRole(AriaRole.BUTTON, named("Replay the chosen codes…")).click();
        Locator dialog = page.locator("#dialog");
        dialog.getByLabel("Token").fill("not-the-token-at-all");
        dialog.getByText("Count", new Locator.GetByTextOptions().setExact(true)).click();
        see(dialog, "token: wrong");
        dialog.getByLabel("Token").fill(TOKEN);
        dialog.getByText("Count", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(dialog.locator("#confirm")).isVisible();
        see(dialog, "dispatch.deadline");
        assertThat(browser.violations(page)).isEmpty();
        browser.shootWindow(page, "console-replay");
        dialog.locator("#confirm").click();

        // Then
        see(dialog, Pattern.compile("[1-9][0-9]* replayed"));
        page.keyboard().press("Escape");

        // When: one of them is traced, by keyboard alone
        page.keyboard().press("/");
        page.keyboard().type("request-" + sent);
        page.keyboard().press("Enter");

        // Then
        see(dialog, "dead letter");
        await().atMost(PATIENCE.multipliedBy(2)).pollInSameThread().until(() -> {
            dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Trace again"))
                    .click();
            see(dialog, "dead letter");
            return dialog.textContent().contains("answered");
        });
        assertThat(browser.violations(page)).isEmpty();
        browser.shootWindow(page, "console-trace");
        page.keyboard().press("Escape");
        shootNarrow();
        assertThat(series(page)).isLessThan(400);
        assertThat(page.content()).doesNotContain(WORDS, TOKEN);
        assertThat(browser.errors).allMatch(error -> error.contains("401"), "only the wrong token");
        assertThat(browser.requests).isNotEmpty().allMatch(url -> url.startsWith(app.consoleUrl() + "/"));
    }

    @Test
    void shouldShowAPromptToWhoHasTheTokenAndForgetIt() throws Exception {
        // Given
        String letter = letter("asked-for");
        Page page = browser.open(app.consoleUrl(), WIDE, ColorScheme.LIGHT);
        Locator dialog = page.locator("#dialog");

        // When
        showLetter(page, letter);

        // Then
        see(dialog, "characters, hidden");
        assertThat(page.content()).doesNotContain(WORDS);

        // When
        dialog.getByLabel("Token").fill("not-the-token-at-all");
        dialog.getByText("Show the prompt").click();

        // Then
        see(dialog, "token: wrong");
        assertThat(page.content()).doesNotContain(WORDS);

        // When
        dialog.getByLabel("Token").fill(TOKEN);
        dialog.getByText("Show the prompt").click();

        // Then
        see(dialog.locator("pre"), WORDS);
        assertThat(browser.violations(page)).isEmpty();
        page.keyboard().press("Escape");
        assertThat(dialog).isHidden();
        assertThat(page.content()).as("what was shown is gone with its window").doesNotContain(WORDS, TOKEN);
    }

    @Test
    void shouldChangeItsThemeAndKeepIt() {
        // Given
        Page page = browser.open(app.consoleUrl(), WIDE, ColorScheme.LIGHT);
        Locator theme = page.locator("#theme");
        assertThat(theme).hasText("Theme: auto");
        String light = background(page);

        // When
        theme.click();
        String lightByChoice = background(page);
        theme.focus();
        page.keyboard().press("Enter");

        // Then
        assertThat(theme).hasText("Theme: dark");
        assertThat(lightByChoice).isEqualTo(light);
        assertThat(background(page)).isNotEqualTo(light);
        assertThat(browser.violations(page)).isEmpty();

        // When
        String dark = background(page);
        page.reload();

        // Then
        assertThat(theme).hasText("Theme: dark");
        assertThat(background(page)).isEqualTo(dark);
        theme.click();
        assertThat(theme).hasText("Theme: auto");
        assertThat(background(page)).isEqualTo(light);
    }

    @Test
    void shouldOnlyShowWhereNoTokenIsConfigured() throws Exception {
        // Given
        String letter = letter("only-shown");
        PenstockConfig config = PenstockConfig.of(
                "kafka.bootstrap.servers=" + kafka.servers(), "topics.prefix=ui.", "topics.partitions=3");
        try (Console console = Console.start(
                new ConsoleConfig("127.0.0.1", 0, 0, List.of(), null),
                new ConsoleSources(
                        new Well(),
                        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                        new PageTopics(config),
                        "read-only",
                        "test"))) {
            // When
            Page page = browser.open(console.url(), WIDE, ColorScheme.LIGHT);
            showLetter(page, letter);

            // Then
            Locator dialog = page.locator("#dialog");
            see(dialog, "The prompt is hidden.");
            assertThat(dialog.getByLabel("Token")).hasCount(0);
            page.keyboard().press("Escape");
            assertThat(page.locator("#mode")).hasText("read-only");
            assertThat(page.locator("#replay")).isHidden();
            assertThat(page.locator("#dead").getByRole(AriaRole.CHECKBOX)).hasCount(0);
            assertThat(page.getByRole(AriaRole.BUTTON, named("Replay " + letter)))
                    .hasCount(0);
            assertThat(browser.violations(page)).isEmpty();
            browser.shoot(page, "console-read-only");
            page.context().close();
            browser.requests.removeIf(url -> url.startsWith(console.url()));
        }
    }

    /** An instance with nothing to complain of. */
    private record Well() implements HealthSource {
        @Override
        public Health live() {
            return new Health(true, Map.of());
        }

        @Override
        public Health ready() {
            return new Health(true, Map.of("streams", "RUNNING"));
        }

        @Override
        public List<TargetView> targets(Instant now) {
            return List.of();
        }
    }

    /** A dead letter of which the page has an example, the newest of its code. */
    private static String letter(String customId) throws Exception {
        byte[] request = Letters.request(customId, "");
        String words = new String(request, UTF_8).replace("hello", WORDS);
        return kafka.write(
                "ui.dead-letters", "acme", words.getBytes(UTF_8), Letters.headers(DeadLetterCode.PROVIDER_CREDENTIALS));
    }

    private static void showLetter(Page page, String letter) {
        page.getByRole(AriaRole.BUTTON, named("Examples of provider.credentials"))
                .click(new Locator.ClickOptions().setTimeout(PATIENCE_MILLIS));
        page.getByRole(AriaRole.BUTTON, named("Show " + letter).setExact(true))
                .click(new Locator.ClickOptions().setTimeout(PATIENCE_MILLIS));
    }

    private static String background(Page page) {
        return String.valueOf(page.evaluate("getComputedStyle(document.body).backgroundColor"));
    }

    private static long series(Page page) {
        String metrics =
                page.context().request().get(app.consoleUrl() + "/metrics").text();
        assertThat(metrics)
                .contains("penstock_intake_lag_records{topic=\"ui.requests\"}")
                .doesNotContain(WORDS, TOKEN);
        return metrics.lines().filter(line -> !line.startsWith("#")).count();
    }

    private static void shootNarrow() {
        for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
            Page page = browser.open(app.consoleUrl(), NARROW, scheme);
            see(page.locator("#targets"), "local");
            see(page.locator("#dead"), "dispatch.deadline");
            assertThat(browser.violations(page)).isEmpty();
            assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                    .isLessThanOrEqualTo(NARROW);
            browser.shoot(page, "console-narrow-" + scheme.name().toLowerCase(Locale.ROOT));
        }
    }

    private static void see(Locator place, String text) {
        assertThat(place).containsText(text, new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MILLIS));
    }

    private static void see(Locator place, Pattern text) {
        assertThat(place).containsText(text, new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MILLIS));
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }

    private static String canvas(Page page) {
        return String.valueOf(page.evaluate("document.querySelector('#c-throughput canvas').toDataURL()"));
    }

    private static double firstPaint(Page page) {
        return ((Number) page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
                .doubleValue();
    }

    private static void send(int requests, String directive, String more) {
        for (int i = 0; i < requests; i++) {
            sent++;
            sendLine("tenant-" + sent % 4, "request-" + sent, directive, more);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the page shows what arrived
    private static void sendLine(String tenant, String customId, String directive, String more) {
        String line = "{\"custom_id\":\"" + customId
                + "\",\"body\":{\"model\":\"auto\",\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\""
                + WORDS + " " + sent % 90 + directive + "\"}]}" + more + "}";
        producer.send(new ProducerRecord<>("ui.requests", tenant.getBytes(UTF_8), line.getBytes(UTF_8)));
    }
}
