package dev.penstock.bench;

import dev.penstock.embedded.BrokerProcess;
import dev.penstock.embedded.BrokerSettings;
import dev.penstock.embedded.EmbeddedBroker;
import dev.penstock.fake.FakeProvider;
import dev.penstock.fake.FakeProviderSettings;
import dev.penstock.fake.FakeScript;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** What the pipeline runs against: a broker and a provider. */
interface Surroundings extends AutoCloseable {

    String bootstrapServers();

    URI providerUrl();

    /** Calls that the provider had open at once, at most. */
    long mostOpenCalls() throws IOException;

    /** Calls that the provider got. */
    long calls() throws IOException;

    @Override
    void close() throws Exception;

    /**
     * Starts them.
     *
     * @param script what the provider is to do
     * @param directory for the broker's data and the provider's script, where they are processes of their own
     */
    static Surroundings start(boolean separate, String script, Path directory) throws Exception {
        if (separate) {
            BrokerProcess broker = BrokerProcess.start(0, directory.resolve("broker"));
            return new Separate(broker, FakeProcess.start(script, directory.resolve("fake.yaml")));
        }
        EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.temporary());
        return new InOneBox(
                broker, FakeProvider.start(FakeProviderSettings.defaults().withScript(FakeScript.parse(script))));
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
        public long calls() {
            return provider.callLog().counts().received();
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
            return provider.count("most_open");
        }

        @Override
        public long calls() throws IOException {
            return provider.count("received");
        }

        @Override
        public void close() throws InterruptedException {
            provider.close();
            broker.close();
        }
    }
}
