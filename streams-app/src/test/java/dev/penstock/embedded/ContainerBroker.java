package dev.penstock.embedded;

import java.util.Locale;
import java.util.Objects;
import org.apache.kafka.common.utils.AppInfoParser;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The broker of an image, set up as the program's own is. The image is apache/kafka of the clients' version, or what
 * {@code -Dpenstock.test.broker.image} names: anything with the same entry point and variables. It is gone at the latest when the JVM ends.
 */
public final class ContainerBroker implements TestBroker {

    private static final String IMAGE_PROPERTY = "penstock.test.broker.image";
    private static final String REPOSITORY = "apache/kafka";

    private final KafkaContainer container;

    private ContainerBroker(KafkaContainer container) {
        this.container = container;
    }

    /**
     * Returns when it takes requests.
     *
     * @throws IllegalStateException if there is no Docker engine
     */
    public static ContainerBroker start() {
        requireEngine();
        KafkaContainer container = new KafkaContainer(image());
        BrokerProperties.ofOneNode().forEach((key, value) -> container.withEnv(variable(key), value));
        container.start();
        return new ContainerBroker(container);
    }

    @Override
    public String bootstrapServers() {
        return container.getBootstrapServers();
    }

    @Override
    public void close() {
        container.stop();
    }

    /**
     * @throws IllegalStateException if there is no Docker engine
     */
    public static void requireEngine() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new IllegalStateException("container broker asked for with -D" + BrokerKind.PROPERTY
                    + "=container, but no Docker engine answers at "
                    + Objects.requireNonNullElse(System.getenv("DOCKER_HOST"), "unix:///var/run/docker.sock"));
        }
    }

    private static DockerImageName image() {
        String version = AppInfoParser.getVersion();
        return DockerImageName.parse(System.getProperty(IMAGE_PROPERTY, REPOSITORY + ":" + version))
                .asCompatibleSubstituteFor(REPOSITORY);
    }

    /** As the image names a broker's property. */
    private static String variable(String property) {
        return "KAFKA_" + property.replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
