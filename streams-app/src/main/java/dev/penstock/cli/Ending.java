package dev.penstock.cli;

import dev.penstock.schemas.DeadLetterHeaders;
import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.Result;
import dev.penstock.schemas.WireCodec;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How one request ended.
 *
 * @param requestId {@code topic-partition-offset} of the request
 * @param customId {@code -} if it had none that can be read
 * @param deadLetter whether it is one
 * @param how the source of a result, the code of a dead letter
 */
record Ending(String requestId, String customId, String tenant, boolean deadLetter, String how) {

    private static final WireCodec CODEC = new WireCodec();
    private static final JsonMapper JSON = new JsonMapper();
    private static final String UNKNOWN = "-";

    static Ending ofResult(ConsumerRecord<byte[], byte[]> message) throws MalformedRecordException {
        Result result = CODEC.readResult(message.value());
        return new Ending(
                result.penstock().requestId(),
                result.customId(),
                result.penstock().tenant(),
                false,
                result.penstock().source().wireName());
    }

    static Ending ofDeadLetter(ConsumerRecord<byte[], byte[]> message) throws MalformedRecordException {
        Map<String, String> headers = new HashMap<>();
        for (Header header : message.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        DeadLetterHeaders read = DeadLetterHeaders.fromHeaders(headers);
        return new Ending(
                read.originalTopic() + "-" + read.originalPartition() + "-" + read.originalOffset(),
                customId(message.value()),
                message.key() == null ? UNKNOWN : new String(message.key(), StandardCharsets.UTF_8),
                true,
                read.code().code());
    }

    private static String customId(byte[] value) {
        try {
            JsonNode field = value == null ? null : JSON.readTree(value).get("custom_id");
            return field == null || !field.isString() ? UNKNOWN : field.stringValue();
        } catch (JacksonException malformed) {
            return UNKNOWN;
        }
    }
}
