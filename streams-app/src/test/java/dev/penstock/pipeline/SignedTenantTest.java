package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.failed;
import static dev.penstock.pipeline.Requests.codes;
import static dev.penstock.pipeline.Requests.header;
import static dev.penstock.pipeline.Requests.only;
import static dev.penstock.pipeline.Requests.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.TenantSignatures;
import dev.penstock.work.HeaderNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of tenants whose requests must be signed, only what was signed is served. */
class SignedTenantTest {

    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final String ORDER = ",\"idempotency_key\":\"order-1\"";

    private final TenantSignatures gateway = new TenantSignatures(List.of("*"), KEY);

    private Path key;
    private TestPipeline pipeline;

    @BeforeEach
    void open(@TempDir Path directory) throws Exception {
        key = Files.writeString(directory.resolve("key"), KEY + "\n");
        pipeline = new TestPipeline("intake.signed_tenants=acme/", "intake.signature_key={file: " + key + "}");
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void shouldServeASignedTenantAlone() {
        // Given
        String evil = request("evil", ORDER);
        send("acme/search", evil, null);
        send("acme/search", evil, gateway.sign("acme/other", "", evil.getBytes(UTF_8)));
        send(
                "acme/search",
                evil,
                gateway.sign("acme/search", "", request("own", ORDER).getBytes(UTF_8)));
        send(null, request("evil", ",\"tenant\":\"acme/search\"" + ORDER), null);
        send("acme/search", "no json", null);
        pipeline.commit();

        // When
        send(
                "acme/search",
                request("own", ORDER),
                gateway.sign("acme/search", "", request("own", ORDER).getBytes(UTF_8)));
        send("other", request("unsigned", ""), null);
        pipeline.commit();

        // Then
        assertThat(codes(pipeline.deadLetters())).hasSize(5).containsOnly("intake.unsigned_tenant");
        assertThat(pipeline.takeLaunched())
                .extracting(Launch::ticket)
                .extracting(ticket -> ticket.tenant() + " " + ticket.customId())
                .containsExactlyInAnyOrder("acme/search own", "other unsigned");
    }

    @Test
    void shouldTakeWhatASignedTenantNamesInTheValue() {
        // Given
        String line = request("own", ",\"tenant\":\"acme/search\"");

        // When
        send(null, line, gateway.sign("acme/search", "", line.getBytes(UTF_8)));
        pipeline.commit();

        // Then
        assertThat(only(pipeline.takeLaunched()).ticket().tenant()).isEqualTo("acme/search");
    }

    /** A letter with another code could be replayed, and would be signed then. */
    @Test
    void shouldLookAtNothingElseBeforeTheSignature() {
        // Given
        RecordHeaders large = new RecordHeaders();
        large.add("x", new byte[20_000]);

        // When
        pipeline.send(new TestRecord<>(
                "acme/search".getBytes(UTF_8), request("evil", "").getBytes(UTF_8), large));
        pipeline.commit();

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("intake.unsigned_tenant");
    }

    @Test
    void shouldCheckTheSignatureBeforeItReroutes() {
        // Given
        String line = request("own", "");
        try (TestPipeline wrongPlace = new TestPipeline(
                "topics.partitions=64", "intake.signed_tenants=acme/", "intake.signature_key={file: " + key + "}")) {
            // When
            wrongPlace.send(signed("acme/search", line, null));
            wrongPlace.send(signed("acme/search", line, gateway.sign("acme/search", "", line.getBytes(UTF_8))));
            wrongPlace.commit();
            TestRecord<byte[], byte[]> rerouted = only(wrongPlace.reroutedOut());
            pipeline.sendRerouted(rerouted);
            pipeline.commit();

            // Then: the driver feeds the rerouted record back to where it does not belong
            assertThat(codes(wrongPlace.deadLetters())).containsExactly("intake.unsigned_tenant", "intake.misrouted");
            assertThat(only(pipeline.takeLaunched()).ticket().customId()).isEqualTo("own");
        }
    }

    @Test
    void shouldTakeNoCopyOfARequestForAReplayOfIt() {
        // Given
        String line = request("own", "");
        String signature = gateway.sign("acme/search", "", line.getBytes(UTF_8));
        send("acme/search", line, signature);
        pipeline.commit();
        pipeline.deliver(failed(pipeline.takeOneLaunched(), DeadLetterCode.PROVIDER_ANSWER_TOO_LARGE, true));
        pipeline.commit();

        // When
        TestRecord<byte[], byte[]> copy = signed("acme/search", line, signature);
        copy.headers().add(HeaderNames.REDRIVE_COUNT, "1".getBytes(UTF_8));
        copy.headers().add(HeaderNames.REDRIVE_FORCED, "true".getBytes(UTF_8));
        pipeline.send(copy);
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(codes(pipeline.deadLetters()))
                .containsExactly("provider.answer_too_large", "intake.unsigned_tenant");
    }

    @Test
    void shouldServeAReplayAsItWasSigned() {
        // Given
        String line = request("own", "");
        TestRecord<byte[], byte[]> replay =
                signed("acme/search", line, gateway.sign("acme/search", "2 1000 true", line.getBytes(UTF_8)));
        replay.headers().add(HeaderNames.REDRIVE_COUNT, "2".getBytes(UTF_8));
        replay.headers().add(HeaderNames.REDRIVE_DEADLINE, "1000".getBytes(UTF_8));
        replay.headers().add(HeaderNames.REDRIVE_FORCED, "true".getBytes(UTF_8));

        // When
        pipeline.send(replay);
        pipeline.commit();

        // Then
        assertThat(only(pipeline.takeLaunched()).ticket().customId()).isEqualTo("own");
    }

    @Test
    void shouldNotSayWhatWouldHaveBeenRight() {
        // When
        send("acme/search", request("evil", ""), "0".repeat(64));
        pipeline.commit();

        // Then
        String right = gateway.sign("acme/search", "", request("evil", "").getBytes(UTF_8));
        assertThat(String.valueOf(header(only(pipeline.deadLetters()), "llm.dlq.detail")))
                .contains("llm.tenant.signature")
                .doesNotContain(right);
    }

    private void send(@Nullable String key, String value, @Nullable String signature) {
        pipeline.send(signed(key, value, signature));
    }

    private static TestRecord<byte[], byte[]> signed(@Nullable String key, String value, @Nullable String signature) {
        RecordHeaders headers = new RecordHeaders();
        if (signature != null) {
            headers.add("llm.tenant.signature", signature.getBytes(UTF_8));
        }
        return new TestRecord<>(key == null ? null : key.getBytes(UTF_8), value.getBytes(UTF_8), headers);
    }
}
