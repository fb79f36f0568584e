package dev.penstock.embedded;

/** What tests run against, as {@code -Dpenstock.test.broker} says. */
public enum BrokerKind {
    /** The program's own, in the tests' JVM or in a child process. */
    JVM,
    /** The one of an image, which needs a Docker engine. */
    CONTAINER;

    static final String PROPERTY = "penstock.test.broker";

    /**
     * @throws IllegalArgumentException if the property is neither
     */
    public static BrokerKind chosen() {
        return of(System.getProperty(PROPERTY, "jvm"));
    }

    static BrokerKind of(String text) {
        return switch (text) {
            case "jvm" -> JVM;
            case "container" -> CONTAINER;
            default -> throw new IllegalArgumentException(PROPERTY + ": " + text + " (expected: jvm or container)");
        };
    }
}
