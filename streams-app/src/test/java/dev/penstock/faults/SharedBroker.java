package dev.penstock.faults;

import java.nio.file.Path;

/** The broker of all scenarios that do not harm it: a process of its own, started once, killed with the tests' JVM. */
final class SharedBroker {

    private static final class Holder {
        static final BrokerChild BROKER = start();

        private static BrokerChild start() {
            Path directory = Outputs.fresh("shared-broker");
            BrokerChild broker = BrokerChild.launch(new Children(directory), directory.resolve("data"));
            broker.awaitReady();
            return broker;
        }
    }

    private SharedBroker() {}

    /** Where it listens; starts it if nobody has. */
    static String bootstrap() {
        return Holder.BROKER.bootstrap();
    }
}
