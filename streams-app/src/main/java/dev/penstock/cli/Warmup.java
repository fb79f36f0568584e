package dev.penstock.cli;

import dev.penstock.config.PenstockConfig;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** Run once after a build, to record which classes the commands need for a start: help, configuration, Kafka clients. Connects to nothing. */
final class Warmup {

    private Warmup() {}

    public static void main(String[] args) throws Exception {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Main.run(new String[] {"--help"}, nowhere, nowhere);
        for (CommandName name : CommandName.values()) {
            Main.run(new String[] {name.word(), "--help"}, nowhere, nowhere);
        }
        Main.run(new String[] {"config", "show"}, nowhere, nowhere);
        KafkaClients clients = new KafkaClients(PenstockConfig.defaults());
        clients.consumer().close();
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", "127.0.0.1:9"))) {
            admin.metrics();
        }
    }
}
