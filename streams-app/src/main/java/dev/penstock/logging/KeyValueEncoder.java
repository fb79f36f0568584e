package dev.penstock.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/** {@code ts=... level=INFO logger=Console msg="listening" port=8080}, and a stack trace indented below it. */
public final class KeyValueEncoder extends EncoderBase<ILoggingEvent> {

    private static final int MAX_VALUE_CHARS = 2_000;
    private static final int MAX_STACK_LINES = 60;
    private static final byte[] NOTHING = {};

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder();
        line.append("ts=").append(event.getInstant());
        line.append(" level=").append(event.getLevel());
        line.append(" logger=").append(simpleName(event.getLoggerName()));
        line.append(" msg=");
        appendQuoted(line, event.getFormattedMessage());
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            for (KeyValuePair pair : pairs) {
                line.append(' ').append(pair.key).append('=');
                appendValue(line, String.valueOf(pair.value));
            }
        }
        line.append('\n');
        appendStack(line, event);
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    private static String simpleName(String logger) {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }

    private static void appendValue(StringBuilder line, String value) {
        boolean bare = !value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '=');
        if (bare) {
            line.append(value, 0, Math.min(value.length(), MAX_VALUE_CHARS));
        } else {
            appendQuoted(line, value);
        }
    }

    private static void appendQuoted(StringBuilder line, String value) {
        line.append('"');
        appendEscaped(line, value);
        line.append('"');
    }

    private static void appendEscaped(StringBuilder line, String value) {
        int end = Math.min(value.length(), MAX_VALUE_CHARS);
        for (int i = 0; i < end; i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                        line.append(String.format("\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        if (value.length() > end) {
            line.append("...");
        }
    }

    private static void appendStack(StringBuilder line, ILoggingEvent event) {
        if (event.getThrowableProxy() == null) {
            return;
        }
        ThrowableProxyUtil.asString(event.getThrowableProxy())
                .lines()
                .limit(MAX_STACK_LINES)
                .forEach(frame -> {
                    line.append("  ");
                    appendEscaped(line, frame.strip());
                    line.append('\n');
                });
    }
}
