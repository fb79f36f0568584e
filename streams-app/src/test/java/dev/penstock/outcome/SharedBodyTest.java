package dev.penstock.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.InDoubtPolicy;
import dev.penstock.schemas.Priority;
import dev.penstock.schemas.Result;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.WireCodec;
import dev.penstock.work.Emission;
import dev.penstock.work.Origin;
import dev.penstock.work.RequestId;
import dev.penstock.work.Ticket;
import dev.penstock.work.Verdict;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JacksonSerializable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.node.JsonNodeFactory;

/** One answer that many requests are given. */
class SharedBodyTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
    private final EmitProcessor emit = new EmitProcessor(
            new WireCodec(),
            new SizeGuard(2_000_000),
            new DeadLetters("test"),
            new NoListener(),
            new EmitRoutes("results", "dead-letters", "usage", "budgets", "alerts"));

    /** A body that counts how often it is encoded. */
    private static final class Counted extends JacksonSerializable.Base {

        private int times;

        @Override
        public void serialize(JsonGenerator generator, SerializationContext serializers) {
            times++;
            generator.writeString("hi");
        }

        @Override
        public void serializeWithType(JsonGenerator generator, SerializationContext serializers, TypeSerializer typed) {
            serialize(generator, serializers);
        }
    }

    private static final class NoListener implements TerminalListener {

        @Override
        public void result(Source source, Instant sentAt, Instant admittedAt, Instant now) {}

        @Override
        public void deadLetter(DeadLetterCode code) {}
    }

    @BeforeEach
    void init() {
        context.setCurrentSystemTimeMs(NOW.toEpochMilli());
        emit.init(context);
    }

    private void emit(int offset, Source source, JsonNode body) {
        Ticket ticket = new Ticket(
                new Origin(new RequestId("llm.requests", 0, offset), 0, 0, null),
                "acme",
                "c-" + offset,
                null,
                Priority.NORMAL,
                InDoubtPolicy.RETRY,
                NOW,
                NOW.plusSeconds(600));
        Verdict.Answer answer = new Verdict.Answer(200, "p", body, "openai", "m-1", null, List.of(), null, NOW, NOW);
        emit.process(new Record<>("acme", new Emission.Terminal(ticket, new byte[0], answer, source, null), 0L));
    }

    private byte[] last() {
        return context.forwarded().getLast().record().value();
    }

    @Test
    void shouldEncodeABodyOnceForAllFollowers() {
        // Given
        Counted counted = new Counted();
        JsonNode body = JsonNodeFactory.instance.pojoNode(counted);

        // When
        for (int i = 0; i < 1_000; i++) {
            emit(i, i % 2 == 0 ? Source.COALESCED : Source.DUPLICATE, body);
        }

        // Then
        assertThat(context.forwarded()).hasSize(1_000);
        assertThat(counted.times).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":\"hi\",\"n\":1.50,\"deep\":[{\"a\":null}]}",
                "{\"text\":\"\u00e4\u20ac\ud83d\ude00 \\\" \\n\"}",
                "{\"half\":\"\\ud83d\"}",
                "\"text\"",
                "null"
            })
    void shouldWriteTheSameForFollowersAsForTheOneThatWasCalledFor(String json) throws Exception {
        // Given
        JsonNode body = JsonMapper.shared().readTree(json);
        emit(1, Source.PROVIDER, body);
        Result own = new WireCodec().readResult(last());

        // When
        emit(1, Source.COALESCED, body);

        // Then
        Result shared = new WireCodec().readResult(last());
        assertThat(shared.response()).isEqualTo(own.response());
    }
}
