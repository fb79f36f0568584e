package dev.penstock.intake;

import dev.penstock.work.HeaderNames;
import dev.penstock.work.Origin;
import dev.penstock.work.Redrive;
import dev.penstock.work.RequestId;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Reads where a record came from; headers are hostile too, so what is not well formed counts as absent. */
final class ArrivalReader {

    /** W3C Trace Context, version 00: fixed length, lower-case hexadecimal. */
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    /** What Kafka allows for a topic; ids are built from it, and other texts could break out of a key or a log line. */
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private static final int LONGEST_NUMBER = 19;
    private static final int LONGEST_TOPIC = 249;
    private static final int LONGEST_SIGNATURE = 64;

    private final String reroutedTopic;

    ArrivalReader(String reroutedTopic) {
        this.reroutedTopic = reroutedTopic;
    }

    Arrival read(Record<byte[], byte[]> record, RecordMetadata at) {
        boolean rerouted = at.topic().equals(reroutedTopic);
        Origin origin = origin(record.headers(), at, rerouted);
        return new Arrival(
                origin,
                key(record.key()),
                record.value(),
                size(record.headers()),
                at.partition(),
                rerouted,
                text(last(record.headers(), HeaderNames.TENANT_SIGNATURE), LONGEST_SIGNATURE),
                origin.redriveCount() == 0 ? Redrive.NONE : redrive(record.headers()));
    }

    private static Redrive redrive(Headers headers) {
        long deadline = number(headers, HeaderNames.REDRIVE_DEADLINE, -1);
        boolean forced = "true".equals(text(last(headers, HeaderNames.REDRIVE_FORCED), LONGEST_NUMBER));
        return new Redrive(deadline < 0 ? null : Instant.ofEpochMilli(deadline), forced);
    }

    private static Origin origin(Headers headers, RecordMetadata at, boolean rerouted) {
        RequestId here = new RequestId(at.topic(), at.partition(), at.offset());
        RequestId id = rerouted ? origin(headers, here) : here;
        String time = rerouted ? HeaderNames.ORIGIN_TIMESTAMP : HeaderNames.RECORD_TIMESTAMP;
        return new Origin(
                id,
                number(headers, time, -1),
                (int) Math.min(number(headers, HeaderNames.REDRIVE_COUNT, 0), Integer.MAX_VALUE),
                traceparent(headers));
    }

    /** Only the pipeline may write the rerouted topic; a record there without its origin is named by its own place. */
    private static RequestId origin(Headers headers, RequestId otherwise) {
        String topic = text(last(headers, HeaderNames.ORIGIN_TOPIC), LONGEST_TOPIC);
        long partition = number(headers, HeaderNames.ORIGIN_PARTITION, -1);
        long offset = number(headers, HeaderNames.ORIGIN_OFFSET, -1);
        if (topic == null || !TOPIC.matcher(topic).matches()) {
            return otherwise;
        }
        return partition < 0 || partition > Integer.MAX_VALUE || offset < 0
                ? otherwise
                : new RequestId(topic, (int) partition, offset);
    }

    private static @Nullable String traceparent(Headers headers) {
        String value = text(last(headers, HeaderNames.TRACEPARENT), 55);
        return value != null && TRACEPARENT.matcher(value).matches() ? value : null;
    }

    private static long number(Headers headers, String name, long otherwise) {
        String digits = text(last(headers, name), LONGEST_NUMBER);
        if (digits == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(digits);
            return value < 0 || digits.startsWith("+") ? otherwise : value;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** A key that is not UTF-8 names no tenant, but it is not absent either. */
    private static @Nullable String key(byte @Nullable [] key) {
        return key == null ? null : new String(key, StandardCharsets.UTF_8);
    }

    private static byte @Nullable [] last(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null ? null : header.value();
    }

    private static @Nullable String text(byte @Nullable [] bytes, int maxBytes) {
        if (bytes == null || bytes.length > maxBytes) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static int size(Headers headers) {
        int bytes = 0;
        for (Header header : headers) {
            byte[] value = header.value();
            bytes += header.key().length() + (value == null ? 0 : value.length);
        }
        return bytes;
    }
}
