package dev.penstock.faults;

import dev.penstock.fake.FakeProvider;
import dev.penstock.fake.FakeProviderSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** The fake provider as a process of its own: {@code PORT CALL_LOG}. Its log is on the disk before a call is answered. */
final class FakeProviderMain {

    static final String READY = "fake provider listens";

    private FakeProviderMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        FakeProvider provider = FakeProvider.start(FakeProviderSettings.defaults()
                .withPort(Integer.parseInt(arguments[0]))
                .withCallLog(Path.of(arguments[1]), true));
        System.out.println(READY + " on " + provider.port());
        new CountDownLatch(1).await();
    }
}
