package dev.penstock.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.PenstockSection;
import dev.penstock.schemas.Result;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.Timings;
import dev.penstock.schemas.WireCodec;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Ends requests as the pipeline would. */
final class BatchEnds {

    private static final JsonMapper JSON = new JsonMapper();

    private final CommandsRig rig;

    BatchEnds(CommandsRig rig) {
        this.rig = rig;
    }

    /** The custom_id {@code c} fails, all others are answered. */
    void end(ConsumerRecord<byte[], byte[]> request) throws Exception {
        if (customId(request).equals("c")) {
            fail(request);
        } else {
            answer(request, "hi");
        }
    }

    void fail(ConsumerRecord<byte[], byte[]> request) throws Exception {
        Map<String, String> headers = new HashMap<>(Letters.headers(DeadLetterCode.PROVIDER_BAD_REQUEST));
        headers.put("llm.dlq.original.topic", request.topic());
        headers.put("llm.dlq.original.partition", Integer.toString(request.partition()));
        headers.put("llm.dlq.original.offset", Long.toString(request.offset()));
        rig.write(prefix(request) + "dead-letters", tenant(request), request.value(), headers);
    }

    void answer(ConsumerRecord<byte[], byte[]> request, String text) throws Exception {
        String id = request.topic() + "-" + request.partition() + "-" + request.offset();
        ObjectNode metadata = (ObjectNode) JSON.readTree(request.value()).path("metadata");
        Result result = new Result(
                id,
                customId(request),
                new Result.Response(200, "provider-1", JSON.createObjectNode().put("text", text)),
                new PenstockSection(
                        tenant(request),
                        id,
                        Source.PROVIDER,
                        "openai",
                        "m",
                        null,
                        null,
                        List.of(),
                        1,
                        0,
                        null,
                        null,
                        null,
                        Instant.now(),
                        null,
                        new Timings(1, 2, 3),
                        metadata));
        rig.write(prefix(request) + "results", tenant(request), new WireCodec().write(result), Map.of());
    }

    static String customId(ConsumerRecord<byte[], byte[]> request) {
        return LineField.text(request.value(), "custom_id").orElseThrow();
    }

    private static String prefix(ConsumerRecord<byte[], byte[]> request) {
        return request.topic().replace("requests", "");
    }

    private static String tenant(ConsumerRecord<byte[], byte[]> request) {
        return request.key() == null ? "default" : new String(request.key(), UTF_8);
    }
}
