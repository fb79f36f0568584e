package dev.penstock.faults;

import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.regex.Pattern;

/** A supervised instance of the program. */
final class AppChild {

    private static final Pattern CALLS = Pattern.compile("penstock_calls_(in_flight|waiting) .*");

    private static final String DRAINS = "draining: no call starts from now on";

    private final Supervised process;
    private final AppSpec spec;
    private final Pages pages;

    private AppChild(Supervised process, AppSpec spec) {
        this.process = process;
        this.spec = spec;
        this.pages = new Pages(spec.consolePort());
    }

    /** An instance that is on its way. */
    static AppChild launch(Children children, AppSpec spec) {
        return new AppChild(Supervised.start(children, spec.child()), spec);
    }

    String key() {
        return AppSpec.keyOf(spec.instance());
    }

    Supervised process() {
        return process;
    }

    Pages pages() {
        return pages;
    }

    void awaitReady() {
        await().atMost(Limits.START).until(pages::isReady);
    }

    /** What it says that it still has to do; empty if it has ended, or if no call runs and none waits. */
    List<String> leftOver() {
        Child current = process.current();
        if (!current.isAlive()) {
            return List.of();
        }
        List<String> told = pages.get("/metrics")
                .text()
                .lines()
                .filter(line -> CALLS.matcher(line).matches())
                .toList();
        if (told.size() != 2) {
            return List.of(current.name() + ": its metrics say " + told + " of its calls");
        }
        return told.stream()
                .filter(line -> !line.endsWith(" 0.0"))
                .map(line -> current.name() + ": " + line)
                .toList();
    }

    /** SIGTERM, and the code with which it ends; it is not restarted. */
    int terminate() {
        signalTermination();
        return process.current().awaitExit(Limits.START);
    }

    /**
     * SIGTERM while the provider holds its calls: they are let go when it says that it drains.
     *
     * @param afterwards what the provider follows from then on
     */
    int terminateHoldingCalls(FakeChild fake, String afterwards) {
        signalTermination();
        await().atMost(Limits.START).until(() -> process.current().output().contains(DRAINS));
        fake.follow(afterwards);
        return process.current().awaitExit(Limits.START);
    }

    private void signalTermination() {
        process.stopRestarting();
        process.signal(Signal.TERM);
    }
}
