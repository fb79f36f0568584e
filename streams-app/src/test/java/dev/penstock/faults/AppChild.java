package dev.penstock.faults;

import static org.awaitility.Awaitility.await;

import java.util.List;

/** A supervised instance of the program. */
final class AppChild {

    private static final List<String> IDLE = List.of("penstock_calls_in_flight 0.0", "penstock_calls_waiting 0.0");

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

    /** Whether it has nothing to do: it has ended, or no call runs and none waits. */
    boolean isAtRest() {
        if (!process.current().isAlive()) {
            return true;
        }
        List<String> metrics = pages.get("/metrics").text().lines().toList();
        return metrics.containsAll(IDLE);
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
