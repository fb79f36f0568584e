package dev.penstock.intake;

import dev.penstock.config.DispatchConfig;
import dev.penstock.config.IntakeConfig;
import dev.penstock.config.IntakeConfig.TenantSource;
import dev.penstock.intake.IntakeDecision.Admit;
import dev.penstock.intake.IntakeDecision.Refuse;
import dev.penstock.intake.IntakeDecision.Reroute;
import dev.penstock.schemas.CodecLimits;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Request;
import dev.penstock.schemas.RequestCodec;
import dev.penstock.schemas.Tenant;
import dev.penstock.schemas.TenantSignatures;
import dev.penstock.work.Admitted;
import dev.penstock.work.Redrive;
import dev.penstock.work.Ticket;
import java.time.Instant;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of a record: pure, so that every hostile input is a plain unit test. */
final class IntakePolicy {

    /** Headers are copied nowhere, but a record of nothing but headers must not pass for a small one. */
    static final int MAX_HEADER_BYTES = 16 * 1024;

    private final IntakeConfig intake;
    private final TenantSignatures signatures;
    private final DispatchConfig dispatch;
    private final RequestCodec codec;
    private final ToIntFunction<String> partitionOf;

    /** @param partitionOf the partition that a tenant's records belong to */
    IntakePolicy(IntakeConfig intake, DispatchConfig dispatch, ToIntFunction<String> partitionOf) {
        this.intake = intake;
        this.signatures = intake.signatures();
        this.dispatch = dispatch;
        this.codec = new RequestCodec(CodecLimits.DEFAULT.withMaxBytes(intake.maxBytes()));
        this.partitionOf = partitionOf;
    }

    IntakeDecision decide(Arrival arrival, Instant now) {
        String keyTenant = tenantOfKey(arrival.key());
        if (intake.tenant() == TenantSource.KEY && !Tenant.isValid(Objects.requireNonNullElse(arrival.key(), ""))) {
            return new Refuse(
                    keyTenant,
                    DeadLetterCode.INTAKE_INVALID_TENANT,
                    "record key is " + (isAbsent(arrival.key()) ? "absent" : "no tenant name") + " (expected: "
                            + Tenant.RULE + ", as intake.tenant is key)");
        }
        if (!isSigned(arrival, keyTenant)) {
            return unsigned(keyTenant);
        }
        if (arrival.headerBytes() > MAX_HEADER_BYTES) {
            return new Refuse(
                    keyTenant,
                    DeadLetterCode.INTAKE_HEADERS_TOO_LARGE,
                    "headers: " + arrival.headerBytes() + " bytes (expected: at most " + MAX_HEADER_BYTES + ")");
        }
        return switch (codec.parse(arrival.value())) {
            case RequestCodec.Parsed.Refused refused -> new Refuse(keyTenant, refused.code(), refused.detail());
            case RequestCodec.Parsed.Accepted accepted -> placed(arrival, accepted.request(), now);
        };
    }

    private IntakeDecision placed(Arrival arrival, Request request, Instant now) {
        String key = arrival.key();
        if (request.tenant() != null && key != null && !isAbsent(key) && !key.equals(request.tenant())) {
            return new Refuse(
                    intake.tenant() == TenantSource.KEY ? key : request.tenant(),
                    DeadLetterCode.INTAKE_TENANT_MISMATCH,
                    "tenant and record key are both given and differ (expected: one of them, or the same)");
        }
        if (request.tenant() == null && key != null && !isAbsent(key) && !Tenant.isValid(key)) {
            return new Refuse(
                    Tenant.DEFAULT.name(),
                    DeadLetterCode.INTAKE_INVALID_TENANT,
                    "record key is no tenant name (expected: 1..128 of A-Z a-z 0-9 . _ / -)");
        }
        String tenant = request.tenant() != null ? request.tenant() : tenantOfKey(key);
        if (!tenant.equals(tenantOfKey(key)) && !isSigned(arrival, tenant)) {
            return unsigned(tenant);
        }
        int home = partitionOf.applyAsInt(tenant);
        if (home == arrival.partition()) {
            return admitted(arrival, tenant, request, now);
        }
        return arrival.rerouted()
                ? new Refuse(
                        tenant,
                        DeadLetterCode.INTAKE_MISROUTED,
                        "partition: " + arrival.partition() + " (expected: " + home + ", already rerouted once)")
                : new Reroute(tenant, home);
    }

    /** What was rerouted was signed when it came. Nobody but the pipeline writes there. */
    private boolean isSigned(Arrival arrival, String tenant) {
        String replay = arrival.redrive().signed(arrival.origin().redriveCount());
        return arrival.rerouted() || signatures.admit(tenant, replay, arrival.value(), arrival.signature());
    }

    private static Refuse unsigned(String tenant) {
        return new Refuse(
                tenant,
                DeadLetterCode.INTAKE_UNSIGNED_TENANT,
                "header llm.tenant.signature: absent or wrong (expected: the signature of tenant, value and what a replay asks for)");
    }

    private IntakeDecision admitted(Arrival arrival, String tenant, Request request, Instant now) {
        Instant deadline = deadlineOf(arrival.redrive(), request, now);
        if (deadline.isAfter(now.plus(dispatch.maxDeadline()))) {
            return new Refuse(
                    tenant,
                    DeadLetterCode.INTAKE_INVALID_FIELD,
                    (request.deadline() != null ? "deadline" : "timeout_ms") + ": too far away (expected: within "
                            + dispatch.maxDeadline() + ")");
        }
        Ticket ticket = new Ticket(
                arrival.origin(),
                tenant,
                request.customId(),
                request.metadata(),
                request.priority(),
                Objects.requireNonNullElse(request.inDoubt(), dispatch.inDoubtPolicy()),
                now,
                deadline);
        byte[] original = Objects.requireNonNull(arrival.value());
        return new Admit(
                new Admitted(ticket, request, original, arrival.redrive().forced()));
    }

    /** A relative deadline counts anew at each replay by itself; an absolute one gives way to the replay's, within bounds. */
    private Instant deadlineOf(Redrive redrive, Request request, Instant now) {
        if (request.deadline() == null) {
            return now.plus(Objects.requireNonNullElse(request.timeout(), dispatch.defaultDeadline()));
        }
        if (redrive.deadline() == null) {
            return request.deadline();
        }
        Instant latest = now.plus(dispatch.maxDeadline());
        return redrive.deadline().isAfter(latest) ? latest : redrive.deadline();
    }

    private static boolean isAbsent(@Nullable String key) {
        return key == null || key.isEmpty();
    }

    /** The tenant to file a refused record under: its key, if that is a name at all. */
    private static String tenantOfKey(@Nullable String key) {
        return key != null && Tenant.isValid(key) ? key : Tenant.DEFAULT.name();
    }
}
