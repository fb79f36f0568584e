package dev.penstock.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.InDoubtPolicy;
import dev.penstock.schemas.Priority;
import dev.penstock.work.Origin;
import dev.penstock.work.RequestId;
import dev.penstock.work.Ticket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntakePolicyTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final int HERE = 4;
    private static final int ELSEWHERE = 5;

    private static final PenstockConfig CONFIG = PenstockConfig.of(
            "dispatch.default_deadline=2m", "dispatch.max_deadline=1h", "dispatch.in_doubt.policy=fail");

    private final IntakePolicy policy =
            new IntakePolicy(CONFIG.intake(), CONFIG.dispatch(), tenant -> tenant.equals("far") ? ELSEWHERE : HERE);

    private final IntakePolicy keyed = new IntakePolicy(
            PenstockConfig.of("intake.tenant=key").intake(),
            CONFIG.dispatch(),
            tenant -> tenant.equals("far") ? ELSEWHERE : HERE);

    @Test
    void shouldAdmitAPlainRequestWithTheDefaultsOfTheConfiguration() {
        // Given
        Arrival arrival = arrival(null, request(""));

        // When
        Ticket ticket = admitted(policy.decide(arrival, NOW));

        // Then
        assertThat(ticket)
                .isEqualTo(new Ticket(
                        arrival.origin(),
                        "default",
                        "c-1",
                        null,
                        Priority.NORMAL,
                        InDoubtPolicy.FAIL,
                        NOW,
                        NOW.plus(Duration.ofMinutes(2))));
    }

    @Test
    void shouldTakeTheTenantFromTheKey() {
        assertThat(admitted(policy.decide(arrival("acme/search", request("")), NOW))
                        .tenant())
                .isEqualTo("acme/search");
    }

    @Test
    void shouldTakeTheTenantFromTheValueWhenThereIsNoKey() {
        assertThat(admitted(policy.decide(arrival(null, request(",\"tenant\":\"acme\"")), NOW))
                        .tenant())
                .isEqualTo("acme");
    }

    @Test
    void shouldTakeAnEmptyKeyForNone() {
        assertThat(admitted(policy.decide(arrival("", request(",\"tenant\":\"acme\"")), NOW))
                        .tenant())
                .isEqualTo("acme");
    }

    @Test
    void shouldAdmitATenantThatKeyAndValueAgreeOn() {
        assertThat(admitted(policy.decide(arrival("acme", request(",\"tenant\":\"acme\"")), NOW))
                        .tenant())
                .isEqualTo("acme");
    }

    @Test
    void shouldRefuseATenantThatKeyAndValueDisagreeOn() {
        // When
        IntakeDecision decision = policy.decide(arrival("other", request(",\"tenant\":\"acme\"")), NOW);

        // Then
        assertRefused(decision, "acme", DeadLetterCode.INTAKE_TENANT_MISMATCH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no tenant", "\r\n", "\u001b[31m", "\ufffd", "tenänt"})
    void shouldRefuseAKeyThatIsNoTenantsName(String key) {
        // When
        IntakeDecision decision = policy.decide(arrival(key, request("")), NOW);

        // Then
        assertRefused(decision, "default", DeadLetterCode.INTAKE_INVALID_TENANT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"tenant\":\"acme\""})
    void shouldTakeTheTenantFromTheKeyAloneWhereSoSet(String field) {
        assertThat(admitted(keyed.decide(arrival("acme", request(field)), NOW)).tenant())
                .isEqualTo("acme");
        assertThat(keyed.decide(arrival("far", request("")), NOW))
                .isEqualTo(new IntakeDecision.Reroute("far", ELSEWHERE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no tenant", "\ufffd", "acme\u0000"})
    void shouldRefuseWhatHasNoTenantForItsKeyWhereSoSet(String key) {
        for (String value : List.of(request(",\"tenant\":\"acme\""), request(""), "no json")) {
            assertRefused(keyed.decide(arrival(key, value), NOW), "default", DeadLetterCode.INTAKE_INVALID_TENANT);
            assertRefused(keyed.decide(arrival(null, value), NOW), "default", DeadLetterCode.INTAKE_INVALID_TENANT);
        }
    }

    @Test
    void shouldKeepAForeignTenantsNameOutOfTheKeyOfALetterWhereSoSet() {
        // When
        IntakeDecision decision = keyed.decide(arrival("attacker", request(",\"tenant\":\"victim\"")), NOW);

        // Then
        assertRefused(decision, "attacker", DeadLetterCode.INTAKE_TENANT_MISMATCH);
    }

    @Test
    void shouldRefuseATenantInTheValueThatIsNoName() {
        // When
        IntakeDecision decision = policy.decide(arrival("acme", request(",\"tenant\":\"a b\"")), NOW);

        // Then
        assertRefused(decision, "acme", DeadLetterCode.INTAKE_INVALID_TENANT);
    }

    @Test
    void shouldRerouteWhatStandsInAnotherTenantsPartition() {
        // When
        IntakeDecision decision = policy.decide(arrival("far", request("")), NOW);

        // Then
        assertThat(decision).isEqualTo(new IntakeDecision.Reroute("far", ELSEWHERE));
    }

    @Test
    void shouldNotRerouteTwice() {
        // When
        IntakeDecision decision = policy.decide(rerouted("far", request("")), NOW);

        // Then
        assertRefused(decision, "far", DeadLetterCode.INTAKE_MISROUTED);
    }

    @Test
    void shouldAdmitWhatWasReroutedToItsHome() {
        assertThat(admitted(policy.decide(rerouted("acme", request("")), NOW)).tenant())
                .isEqualTo("acme");
    }

    @Test
    void shouldNotRerouteWhatCannotBeServedAnyway() {
        // When
        IntakeDecision decision = policy.decide(arrival("far", "{}"), NOW);

        // Then
        assertRefused(decision, "far", DeadLetterCode.INTAKE_MISSING_FIELD);
    }

    @Test
    void shouldAdmitADeadlineAsFarAwayAsAllowedAndNoFurther() {
        // Given
        Instant farthest = NOW.plus(Duration.ofHours(1));

        // When
        IntakeDecision at = policy.decide(arrival(null, request(",\"deadline\":\"" + farthest + "\"")), NOW);
        IntakeDecision beyond =
                policy.decide(arrival(null, request(",\"deadline\":\"" + farthest.plusMillis(1) + "\"")), NOW);

        // Then
        assertThat(admitted(at).deadline()).isEqualTo(farthest);
        assertRefused(beyond, "default", DeadLetterCode.INTAKE_INVALID_FIELD, "deadline");
    }

    @Test
    void shouldRefuseATimeoutThatIsTooLong() {
        // When
        IntakeDecision decision = policy.decide(arrival(null, request(",\"timeout_ms\":3600001")), NOW);

        // Then
        assertRefused(decision, "default", DeadLetterCode.INTAKE_INVALID_FIELD, "timeout_ms");
    }

    @Test
    void shouldCountATimeoutFromIntakeAndNotFromTheRecordsOwnTime() {
        // When
        Ticket ticket = admitted(policy.decide(arrival(null, request(",\"timeout_ms\":5000")), NOW));

        // Then
        assertThat(ticket.deadline()).isEqualTo(NOW.plusSeconds(5));
    }

    @Test
    void shouldAdmitADeadlineThatHasPassedSoThatOneStageEndsAllThatIsLate() {
        // Given
        String longAgo = "0000-01-01T00:00:00Z";

        // When
        Ticket ticket = admitted(policy.decide(arrival(null, request(",\"deadline\":\"" + longAgo + "\"")), NOW));

        // Then
        assertThat(ticket.deadline()).isEqualTo(Instant.parse(longAgo));
    }

    @Test
    void shouldRefuseHeadersThatAreTooLarge() {
        // Given
        Arrival largest = new Arrival(origin(), "acme", bytes(request("")), IntakePolicy.MAX_HEADER_BYTES, HERE, false);
        Arrival larger =
                new Arrival(origin(), "acme", bytes(request("")), IntakePolicy.MAX_HEADER_BYTES + 1, HERE, false);

        // When
        IntakeDecision at = policy.decide(largest, NOW);
        IntakeDecision beyond = policy.decide(larger, NOW);

        // Then
        assertThat(at).isInstanceOf(IntakeDecision.Admit.class);
        assertRefused(beyond, "acme", DeadLetterCode.INTAKE_HEADERS_TOO_LARGE);
    }

    @Test
    void shouldRefuseARecordWithoutAValueUnderTheTenantOfItsKey() {
        // When
        IntakeDecision decision = policy.decide(new Arrival(origin(), "acme", null, 0, HERE, false), NOW);

        // Then
        assertRefused(decision, "acme", DeadLetterCode.INTAKE_EMPTY);
    }

    @Test
    void shouldLetTheRequestsOwnInDoubtPolicyWin() {
        assertThat(admitted(policy.decide(arrival(null, request(",\"in_doubt\":\"retry\"")), NOW))
                        .inDoubt())
                .isEqualTo(InDoubtPolicy.RETRY);
    }

    private static void assertRefused(IntakeDecision decision, String tenant, DeadLetterCode code) {
        assertRefused(decision, tenant, code, "");
    }

    private static void assertRefused(IntakeDecision decision, String tenant, DeadLetterCode code, String detail) {
        assertThat(decision).isInstanceOfSatisfying(IntakeDecision.Refuse.class, refuse -> {
            assertThat(refuse.tenant()).isEqualTo(tenant);
            assertThat(refuse.code()).isEqualTo(code);
            assertThat(refuse.detail()).startsWith(detail).isNotEmpty();
        });
    }

    private static Ticket admitted(IntakeDecision decision) {
        assertThat(decision).isInstanceOf(IntakeDecision.Admit.class);
        return ((IntakeDecision.Admit) decision).admitted().ticket();
    }

    private static Arrival arrival(@Nullable String key, String value) {
        return new Arrival(origin(), key, bytes(value), 0, HERE, false);
    }

    private static Arrival rerouted(String key, String value) {
        return new Arrival(origin(), key, bytes(value), 0, HERE, true);
    }

    private static Origin origin() {
        return new Origin(new RequestId("llm.requests", HERE, 17), 0, 0, null);
    }

    private static String request(String more) {
        return "{\"custom_id\":\"c-1\",\"body\":{\"model\":\"m\",\"messages\":[]}" + more + "}";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
