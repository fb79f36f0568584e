package dev.penstock.config;

import dev.penstock.schemas.TenantSignatures;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What may come in.
 *
 * @param maxBytes a larger request is a dead letter; below {@link RecordSizes#MAX_RECORD_BYTES}
 * @param tenant what says whose a request is
 * @param signedTenants what the names begin with of the tenants whose requests must be signed
 * @param signatureKey null for none
 */
public record IntakeConfig(
        int maxBytes,
        TenantSource tenant,
        List<String> signedTenants,
        @Nullable SecretRef signatureKey) {

    /** What says whose a request is. */
    public enum TenantSource {
        /** Its field, else the record's key, else it is the default's. */
        FIELD_OR_KEY,
        /** The record's key alone, which a gateway sets that knows who asks. */
        KEY
    }

    static final Setting<Long> MAX_BYTES = new Setting<>(
            "intake.max_bytes",
            ValueType.byteSize("1KiB", "1984KiB"),
            "512KiB",
            "Largest request. Stays below the 2MiB that producers and topics allow.");

    static final Setting<TenantSource> TENANT = new Setting<>(
            "intake.tenant",
            ValueType.choice(TenantSource.class),
            "field_or_key",
            "What says whose a request is. key: the record's key alone; without one, or with another in the field, it is a dead letter.");

    static final Setting<String> SIGNED_TENANTS = new Setting<>(
            "intake.signed_tenants",
            ValueType.text(
                    "beginnings of tenants' names, with commas, or *", "[*]|([A-Za-z0-9._/-]{1,128}(,|$)){0,64}"),
            "",
            "Tenants whose requests must have the header llm.tenant.signature, by what their names begin with: acme/,globex. *: all.");
    static final Setting<SecretRef> SIGNATURE_KEY = new Setting<>(
            "intake.signature_key",
            Values.SECRET_REFERENCE,
            "",
            "Key of the signatures, which the gateway has as well: {env: NAME} or {file: PATH}, 32 characters or more. Of several lines the first signs, all are accepted.");

    static final List<Setting<?>> SETTINGS = List.of(MAX_BYTES, TENANT, SIGNED_TENANTS, SIGNATURE_KEY);

    public IntakeConfig {
        signedTenants = List.copyOf(signedTenants);
    }

    static IntakeConfig from(Values values) {
        SecretRef key = values.secret(SIGNATURE_KEY).orElse(null);
        values.checkSecret(SIGNATURE_KEY, key);
        List<String> signed = Stream.of(values.get(SIGNED_TENANTS).split(","))
                .filter(prefix -> !prefix.isEmpty())
                .toList();
        values.expect(
                SIGNED_TENANTS, signed.isEmpty() || values.isGiven(SIGNATURE_KEY), "intake.signature_key as well");
        return new IntakeConfig(Math.toIntExact(values.get(MAX_BYTES)), values.get(TENANT), signed, key);
    }

    /** Which tenants' requests must be signed, with the key as it is now. */
    public TenantSignatures signatures() {
        return new TenantSignatures(signedTenants, keys());
    }

    /** What is wrong with the key, if it is at hand. */
    public Optional<String> problem() {
        String keys = keys();
        return keys.isEmpty() || TenantSignatures.areKeys(keys)
                ? Optional.empty()
                : Optional.of(SIGNATURE_KEY.key() + ": another secret (expected: " + TenantSignatures.KEY_RULE + ")");
    }

    private String keys() {
        return signatureKey == null ? "" : signatureKey.resolve().orElse("");
    }
}
