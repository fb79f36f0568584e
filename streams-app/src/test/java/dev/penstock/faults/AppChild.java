package dev.penstock.faults;

import static org.awaitility.Awaitility.await;

/** A supervised instance of the program. */
final class AppChild {

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

    /** SIGTERM, and the code with which it ends; it is not restarted. */
    int terminate() {
        process.stopRestarting();
        process.signal(Signal.TERM);
        return process.current().awaitExit(Limits.START);
    }
}
