package dev.penstock.bench;

import dev.penstock.embedded.BrokerProcess;
import dev.penstock.embedded.BrokerSettings;
import dev.penstock.embedded.EmbeddedBroker;
import dev.penstock.fake.FakeProvider;
import dev.penstock.fake.FakeProviderSettings;
import dev.penstock.fake.FakeScript;
import dev.penstock.fake.Latency;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** What the pipeline runs against: a broker and a provider. */
interface Surroundings extends AutoCloseable {

    String bootstrapServers();

    URI providerUrl();

    /** Calls that the provider had open at once, at most. */
    long mostOpenCalls() throws IOException;

    @Override
    void close() throws Exception;

    /**
     * Starts them.
     *
     * @param directory for the broker's data and the provider's script, where they are processes of their own
     */
    static Surroundings start(boolean separate, Duration latency, Path directory) throws Exception {
        if (separate) {
            BrokerProcess broker = BrokerProcess.start(0, directory.resolve("broker"));
            return new Separate(broker, FakeProcess.start(latency, directory.resolve("fake.yaml")));
        }
        EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.temporary());
        FakeScript script = FakeScript.PLAIN.withLatency(new Latency.Fixed(latency));
        return new InOneBox(
                broker, FakeProvider.start(FakeProviderSettings.defaults().withScript(script)));
    }

    /** In this process. */
    record InOneBox(EmbeddedBroker broker, FakeProvider provider) implements Surroundings {

        @Override
        public String bootstrapServers() {
            return broker.bootstrapServers();
        }

        @Override
        public URI providerUrl() {
            return provider.baseUrl();
        }

        @Override
        public long mostOpenCalls() {
            return provider.callLog().counts().mostOpen();
        }

        @Override
        public void close() {
            provider.close();
            broker.close();
        }
    }

    /** In processes of their own. */
    record Separate(BrokerProcess broker, FakeProcess provider) implements Surroundings {

        @Override
        public String bootstrapServers() {
            return broker.bootstrapServers();
        }

        @Override
        public URI providerUrl() {
            return provider.url();
        }

        @Override
        public long mostOpenCalls() throws IOException {
            return provider.mostOpenCalls();
        }

        @Override
        public void close() throws InterruptedException {
            provider.close();
            broker.close();
        }
    }
}
