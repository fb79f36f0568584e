package dev.penstock.cli;

/** The jars that only development needs: a broker is not part of what is shipped. */
final class DevJars {

    private DevJars() {}

    static void require(String command) throws CommandFailure {
        try {
            Class.forName("kafka.server.KafkaRaftServer", false, DevJars.class.getClassLoader());
        } catch (ClassNotFoundException shippedWithout) {
            throw CommandFailure.failed(
                    command
                            + ": the development jars are not here (expected: target/lib-dev of a source checkout; this distribution leaves the broker out)");
        }
    }
}
