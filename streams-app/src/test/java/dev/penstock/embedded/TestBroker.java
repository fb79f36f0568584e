package dev.penstock.embedded;

/** An empty broker for one class of tests, of the kind that {@link BrokerKind#chosen} says. */
public interface TestBroker extends AutoCloseable {

    /** Where clients connect to. */
    String bootstrapServers();

    @Override
    void close();

    /** Returns when it takes requests. */
    static TestBroker start() throws BrokerStartException {
        return switch (BrokerKind.chosen()) {
            case JVM -> new InJvm(EmbeddedBroker.start(BrokerSettings.temporary()));
            case CONTAINER -> ContainerBroker.start();
        };
    }

    /** In this process. */
    record InJvm(EmbeddedBroker broker) implements TestBroker {

        @Override
        public String bootstrapServers() {
            return broker.bootstrapServers();
        }

        @Override
        public void close() {
            broker.close();
        }
    }
}
