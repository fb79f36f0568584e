package dev.penstock.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;

/** Sets logback up in code, found through the service loader: no XML is read at start. */
public final class LoggingConfigurator extends ContextAwareBase implements Configurator {

    private static final String OUR_LOGGERS = "dev.penstock";
    /** Loggers that warn about what is normal here: one node, properties of one client seen by another, requests that are none. */
    private static final List<String> ERRORS_ONLY = List.of(
            "org.eclipse.jetty.http.HttpParser",
            "org.eclipse.jetty.io.FillInterest",
            "org.eclipse.jetty.server.Response",
            "org.eclipse.jetty.util.HostPort",
            "org.apache.kafka.clients.consumer.ConsumerConfig",
            "org.apache.kafka.clients.producer.ProducerConfig",
            "org.apache.kafka.clients.admin.AdminClientConfig",
            "org.apache.kafka.streams.StreamsConfig",
            "org.apache.kafka.common.utils.AppInfoParser",
            "kafka.server.BrokerServer",
            "kafka.server.ControllerServer",
            "kafka.server.SharedServer",
            "org.apache.kafka.raft",
            "org.apache.kafka.controller",
            "org.apache.kafka.image",
            "org.apache.kafka.metadata",
            "org.apache.kafka.storage",
            "kafka.log.LogManager",
            "state.change.logger");

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
        stderr.setContext(context);
        stderr.setName("stderr");
        stderr.setTarget("System.err");
        stderr.setEncoder(encoder(context));
        stderr.addFilter(new KnownNoise());
        stderr.addFilter(new RepeatedWarnings());
        stderr.start();

        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(stderr);
        context.getLogger(OUR_LOGGERS).setLevel(Level.toLevel(System.getenv("PENSTOCK_LOG_LEVEL"), Level.INFO));
        ERRORS_ONLY.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
        JulBridge.install();
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context) {
        Encoder<ILoggingEvent> encoder = wantsJson() ? json() : new KeyValueEncoder();
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    private static boolean wantsJson() {
        String format = System.getenv("PENSTOCK_LOG_FORMAT");
        return format != null && format.toLowerCase(Locale.ROOT).equals("json");
    }

    private static JsonEncoder json() {
        JsonEncoder json = new JsonEncoder();
        json.setWithSequenceNumber(false);
        json.setWithNanoseconds(false);
        json.setWithContext(false);
        json.setWithMarkers(false);
        json.setWithMessage(false);
        json.setWithArguments(false);
        json.setWithFormattedMessage(true);
        return json;
    }
}
