package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** Requests as a user writes them, and what a test reads of their ends. */
final class Requests {

    private Requests() {}

    static String request(String customId, String more) {
        return "{\"custom_id\":\"" + customId + "\",\"body\":{\"model\":\"m-1\",\"messages\":"
                + "[{\"role\":\"user\",\"content\":\"hello\"}]}" + more + "}";
    }

    static List<String> codes(List<TestRecord<byte[], byte[]>> deadLetters) {
        return deadLetters.stream()
                .map(record -> String.valueOf(header(record, "llm.dlq.code")))
                .toList();
    }

    static @Nullable String header(TestRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.getFirst();
    }
}
