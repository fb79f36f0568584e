package dev.penstock.cli;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** Debian's chromium, what it asked for and what it complained of. */
final class BrowserRig implements AutoCloseable {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path SHOTS = Path.of("target", "screenshots");
    private static final int HEIGHT = 900;

    /** What the browser loaded, by address. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    /** What it wrote to its console as an error, and what was thrown. */
    final List<String> errors = new CopyOnWriteArrayList<>();

    private final Playwright playwright;
    private final Browser browser;
    private final String axe;

    private BrowserRig(Playwright playwright, String axe) {
        this.playwright = playwright;
        this.browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-background-networking")));
        this.axe = axe;
    }

    static BrowserRig start() throws IOException {
        Map<String, String> environment = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        return new BrowserRig(Playwright.create(new Playwright.CreateOptions().setEnv(environment)), axe());
    }

    private static String axe() throws IOException {
        try (InputStream script = BrowserRig.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    Page open(String url, int width, ColorScheme scheme) {
        BrowserContext context = browser.newContext(
                new Browser.NewContextOptions().setViewportSize(width, HEIGHT).setColorScheme(scheme));
        Page page = context.newPage();
        page.onRequest(request -> requests.add(request.url()));
        page.onPageError(errors::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                errors.add(message.text());
            }
        });
        page.navigate(url);
        return page;
    }

    /** What axe finds wrong, a line each. */
    List<String> violations(Page page) {
        page.evaluate(axe);
        Object found = page.evaluate("() => axe.run(document).then(result => result.violations.map(rule =>"
                + " rule.id + ': ' + rule.nodes.map(node => node.target.join(' ') + ' ' + (node.failureSummary ?? ''))"
                + ".join(', ')))");
        return ((List<?>) Objects.requireNonNull(found))
                .stream().map(String::valueOf).toList();
    }

    /** The whole page, kept for people to look at. */
    void shoot(Page page, String name) {
        page.evaluate("scrollTo(0, 0)");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(SHOTS.resolve(name + ".png"))
                .setFullPage(true));
    }

    /** What the window shows. */
    void shootWindow(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SHOTS.resolve(name + ".png")));
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
