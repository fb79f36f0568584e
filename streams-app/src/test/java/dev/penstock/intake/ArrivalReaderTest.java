package dev.penstock.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.work.HeaderNames;
import dev.penstock.work.RequestId;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivalReaderTest {

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final RecordHeaders headers = new RecordHeaders();
    private final ArrivalReader reader = new ArrivalReader("llm.rerouted");

    @Test
    void shouldNameARequestByItsPlaceWhateverItsOriginHeadersSay() {
        // Given
        origin("llm.requests", "7", "8", "9");
        header(HeaderNames.RECORD_TIMESTAMP, "1234");

        // When
        Arrival arrival = read("llm.requests");

        // Then
        assertThat(arrival.origin().id()).isEqualTo(new RequestId("llm.requests", 3, 5));
        assertThat(arrival.origin().timestampMillis()).isEqualTo(1234);
        assertThat(arrival.rerouted()).isFalse();
    }

    @Test
    void shouldNameAReroutedRecordByItsOrigin() {
        // Given
        origin("llm.requests", "7", "8", "9");
        header(HeaderNames.RECORD_TIMESTAMP, "1234");

        // When
        Arrival arrival = read("llm.rerouted");

        // Then
        assertThat(arrival.origin().id()).isEqualTo(new RequestId("llm.requests", 7, 8));
        assertThat(arrival.origin().timestampMillis()).isEqualTo(9);
        assertThat(arrival.rerouted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "llm.requests,-1,8",
        "llm.requests,2147483648,8",
        "llm.requests,7,-8",
        "llm.requests,7,9223372036854775808",
        "llm.requests,7,9999999999999999999",
        "llm.requests,seven,8",
        "'',7,8",
        "'no topic',7,8",
        "'a\r\nb',7,8",
        "'\u001b[31m',7,8",
        "'a\u0000b',7,8"
    })
    void shouldNameAReroutedRecordByItsOwnPlaceWhenItsOriginMakesNoSense(
            String topic, String partition, String offset) {
        // Given
        origin(topic, partition, offset, "9");

        // When
        Arrival arrival = read("llm.rerouted");

        // Then
        assertThat(arrival.origin().id()).isEqualTo(new RequestId("llm.rerouted", 3, 5));
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "3,3",
        "2147483647,2147483647",
        "2147483648,2147483647",
        "9223372036854775807,2147483647",
        "9223372036854775808,0",
        "9999999999999999999,0",
        "18446744073709551615,0",
        "-1,0",
        "+1,0",
        "'',0",
        "many,0"
    })
    void shouldCountReplaysWithoutEverGoingBelowZero(String header, int count) {
        // Given
        header(HeaderNames.REDRIVE_COUNT, header);

        // When
        Arrival arrival = read("llm.requests");

        // Then
        assertThat(arrival.origin().redriveCount()).isEqualTo(count);
    }

    @Test
    void shouldKeepATimeOfMinusOne() {
        // Given
        header(HeaderNames.RECORD_TIMESTAMP, "-1");

        // When
        Arrival arrival = read("llm.requests");

        // Then
        assertThat(arrival.origin().timestampMillis()).isEqualTo(-1);
    }

    @Test
    void shouldCarryAWellFormedTraceContext() {
        // Given
        header(HeaderNames.TRACEPARENT, TRACE);

        // When
        Arrival arrival = read("llm.requests");

        // Then
        assertThat(arrival.origin().traceparent()).isEqualTo(TRACE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", TRACE + "\r\nx", "x"})
    void shouldDropATraceContextThatIsNotWellFormed(String value) {
        // Given
        header(HeaderNames.TRACEPARENT, value);

        // When
        Arrival arrival = read("llm.requests");

        // Then
        assertThat(arrival.origin().traceparent()).isNull();
    }

    @Test
    void shouldNotTakeAKeyThatIsNotUtf8ForNoKey() {
        // Given
        byte[] key = {(byte) 0xff, (byte) 0xfe};

        // When
        Arrival arrival = read("llm.requests", key);

        // Then
        assertThat(arrival.key()).isNotNull().isNotEmpty();
    }

    @Test
    void shouldMeasureHeadersThatHaveNoValue() {
        // Given
        headers.add("abc", null);
        headers.add("de", new byte[7]);

        // When
        Arrival arrival = read("llm.requests");

        // Then
        assertThat(arrival.headerBytes()).isEqualTo(3 + 2 + 7);
    }

    private void origin(String topic, String partition, String offset, String timestamp) {
        header(HeaderNames.ORIGIN_TOPIC, topic);
        header(HeaderNames.ORIGIN_PARTITION, partition);
        header(HeaderNames.ORIGIN_OFFSET, offset);
        header(HeaderNames.ORIGIN_TIMESTAMP, timestamp);
    }

    private void header(String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private Arrival read(String topic) {
        return read(topic, null);
    }

    private Arrival read(String topic, byte @Nullable [] key) {
        return reader.read(new Record<>(key, new byte[0], 0, headers), new At(topic, 3, 5));
    }

    private record At(String topic, int partition, long offset) implements RecordMetadata {}
}
