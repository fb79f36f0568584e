package dev.penstock.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.deadletters.ReplayDecision.Reason;
import dev.penstock.deadletters.ReplayDecision.Refused;
import dev.penstock.deadletters.ReplayDecision.Replay;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.DeadLetterHeaders;
import dev.penstock.schemas.RedriveMarker;
import dev.penstock.schemas.TenantSignatures;
import dev.penstock.schemas.WireCodec;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplayPolicyTest {

    private static final DeadLetterCode TIMEOUT = DeadLetterCode.PROVIDER_TIMEOUT;
    private static final DeadLetterCode FINAL = DeadLetterCode.PROVIDER_BAD_REQUEST;
    private static final long WRITTEN_AT = 1_767_225_600_000L;

    private final ReplayPolicy policy = new ReplayPolicy(false, TenantSignatures.NONE);
    private final ReplayPolicy forcing = new ReplayPolicy(true, TenantSignatures.NONE);

    @Test
    void shouldReplayWhatIsRetryableUpToThreeTimes() {
        assertThat(policy.decide(letter(TIMEOUT, 0), false)).isEqualTo(new Replay(1));
        assertThat(policy.decide(letter(TIMEOUT, 2), false)).isEqualTo(new Replay(3));
        assertThat(policy.decide(letter(TIMEOUT, 3), false)).isEqualTo(new Refused(Reason.TOO_OFTEN));
        assertThat(policy.decide(letter(FINAL, 0), false)).isEqualTo(new Refused(Reason.NOT_RETRYABLE));
    }

    @Test
    void shouldReplayBothWhenItIsForced() {
        assertThat(forcing.decide(letter(TIMEOUT, 3), false)).isEqualTo(new Replay(4));
        assertThat(forcing.decide(letter(FINAL, 0), false)).isEqualTo(new Replay(1));
        assertThat(forcing.decide(letter(TIMEOUT, Integer.MAX_VALUE), false)).isEqualTo(new Replay(Integer.MAX_VALUE));
    }

    @Test
    void shouldRefuseWhatNoForceCanMend() {
        // Given
        Map<String, String> cut = new HashMap<>(headers(TIMEOUT, 0));
        cut.put("llm.dlq.original.sha256", "0".repeat(64));
        cut.put("llm.dlq.original.bytes", "9000");

        // When / Then
        assertThat(forcing.decide(letter("acme", cut, "{"), false)).isEqualTo(new Refused(Reason.TRUNCATED));
        assertThat(forcing.decide(letter(TIMEOUT, 0), true)).isEqualTo(new Refused(Reason.ALREADY_REPLAYED));
        assertThat(forcing.decide(letter("acme", headers(DeadLetterCode.INTAKE_EMPTY, 0), null), false))
                .isEqualTo(new Refused(Reason.EMPTY));
        assertThat(forcing.decide(letter("acme", headers(DeadLetterCode.INTAKE_UNSIGNED_TENANT, 0), "{}"), false))
                .isEqualTo(new Refused(Reason.TENANT_UNKNOWN));
        assertThat(forcing.decide(letter("acme", headers(DeadLetterCode.INTAKE_TENANT_MISMATCH, 0), "{}"), false))
                .isEqualTo(new Refused(Reason.TENANT_UNKNOWN));
        assertThat(forcing.decide(letter(null, headers(TIMEOUT, 0), "{}"), false))
                .isEqualTo(new Refused(Reason.TENANT_UNKNOWN));
        assertThat(forcing.decide(letter("acme", Map.of("x", "y"), "{}"), false))
                .isEqualTo(new Refused(Reason.FOREIGN));
    }

    @Test
    void shouldCallFinalWhatNobodyForcedWhateverElseIsWrongWithIt() {
        assertThat(policy.decide(letter("acme", headers(DeadLetterCode.INTAKE_INVALID_TENANT, 0), "{}"), false))
                .isEqualTo(new Refused(Reason.NOT_RETRYABLE));
        assertThat(policy.decide(letter("acme", headers(DeadLetterCode.INTAKE_EMPTY, 0), null), false))
                .isEqualTo(new Refused(Reason.NOT_RETRYABLE));
    }

    @Test
    void shouldKnowALetterByItsPlaceAndItsTime() {
        // Given
        Redrives redrives = new Redrives();
        DeadLetter letter = letter(TIMEOUT, 0);

        // When
        redrives.read(null);
        redrives.read("no marker".getBytes(UTF_8));
        redrives.read(marker(letter.id(), WRITTEN_AT + 1));
        boolean ofATopicThatWasMadeAnew = redrives.hold(letter);
        redrives.read(marker(letter.id(), WRITTEN_AT));

        // Then
        assertThat(ofATopicThatWasMadeAnew).isFalse();
        assertThat(redrives.hold(letter)).isTrue();
    }

    private static byte[] marker(String id, long writtenAt) {
        Instant at = Instant.ofEpochMilli(writtenAt);
        return new WireCodec().write(new RedriveMarker(id, at, TIMEOUT, "llm.requests-0-0", 1, at));
    }

    private static DeadLetter letter(DeadLetterCode code, int redriveCount) {
        return letter("acme", headers(code, redriveCount), "{}");
    }

    private static DeadLetter letter(@Nullable String key, Map<String, String> headers, @Nullable String value) {
        RecordHeaders all = new RecordHeaders();
        headers.forEach((name, text) -> all.add(name, text.getBytes(UTF_8)));
        return DeadLetter.of(new ConsumerRecord<>(
                "llm.dead-letters",
                1,
                7,
                WRITTEN_AT,
                TimestampType.CREATE_TIME,
                0,
                0,
                key == null ? null : key.getBytes(UTF_8),
                value == null ? null : value.getBytes(UTF_8),
                all,
                Optional.empty()));
    }

    private static Map<String, String> headers(DeadLetterCode code, int redriveCount) {
        return new DeadLetterHeaders(
                        code,
                        code.retryable(),
                        1,
                        "",
                        "llm.requests",
                        0,
                        0,
                        0,
                        Instant.EPOCH,
                        redriveCount,
                        "test",
                        null,
                        null,
                        null)
                .toHeaders();
    }
}
