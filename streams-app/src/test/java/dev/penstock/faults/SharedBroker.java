package dev.penstock.faults;

import dev.penstock.embedded.BrokerKind;
import dev.penstock.embedded.ContainerBroker;
import java.nio.file.Path;

/** The broker of all scenarios that do not harm it: a process or a container of its own, started once, ended with the tests' JVM. */
final class SharedBroker {

    private static final class Holder {
        static final String BOOTSTRAP = switch (BrokerKind.chosen()) {
            case JVM -> startProcess();
            case CONTAINER -> ContainerBroker.start().bootstrapServers();
        };

        private static String startProcess() {
            Path directory = Outputs.fresh("shared-broker");
            BrokerChild broker = BrokerChild.launch(new Children(directory), directory.resolve("data"));
            broker.awaitReady();
            return broker.bootstrap();
        }
    }

    private SharedBroker() {}

    /** Where it listens; starts it if nobody has. */
    static String bootstrap() {
        if (BrokerKind.chosen() == BrokerKind.CONTAINER) {
            // Here, since a class whose start fails hides the reason from all but the first who ask.
            ContainerBroker.requireEngine();
        }
        return Holder.BOOTSTRAP;
    }
}
