package dev.penstock.logging;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/** Leads what libraries write to {@code java.util.logging} to the same place as everything else, from WARNING up. */
final class JulBridge extends Handler {

    /** Held, or the collector would undo its level. */
    private static final Logger ROOT = Logger.getLogger("");

    static void install() {
        LogManager.getLogManager().reset();
        ROOT.setLevel(Level.WARNING);
        ROOT.addHandler(new JulBridge());
    }

    @Override
    public void publish(LogRecord entry) {
        org.slf4j.Logger logger = LoggerFactory.getLogger(String.valueOf(entry.getLoggerName()));
        String text = String.valueOf(entry.getMessage());
        if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
            logger.error(text, entry.getThrown());
        } else {
            logger.warn(text, entry.getThrown());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
