package dev.penstock.schemas;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.util.RawValue;

/**
 * Writes and reads the records that Penstock itself puts on topics. Reading ignores fields that it does not know, so
 * that a newer writer does no harm; policies are the exception, because a misspelt limit is no limit.
 */
public final class WireCodec {

    /** Answers nest in results and outcomes, so these go deeper and further than the limits of a request. */
    public static final CodecLimits LIMITS =
            new CodecLimits(8 * 1024 * 1024, CodecLimits.HIGHEST_DEPTH, 8 * 1024 * 1024, 2_000, Integer.MAX_VALUE);

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(CodecLimits.HIGHEST_DEPTH)
                            .build())
                    .build())
            .build();

    /** For trees that were made by hand and hold half a surrogate pair, which has no UTF-8 form but has an escape. */
    private static final JsonMapper ESCAPING =
            MAPPER.rebuild().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final BoundedJson json = new BoundedJson(LIMITS, BoundedJson.HalfPairs.REPLACE);

    public byte[] write(Outcome outcome) {
        return write(out -> OutcomeFormat.write(out, outcome));
    }

    public byte[] write(Result result) {
        return write(out -> ResultFormat.write(out, result));
    }

    public byte[] write(UsageEvent event) {
        return write(out -> UsageFormat.write(out, event));
    }

    public byte[] write(BudgetStatus status) {
        return write(out -> BudgetFormat.write(out, status));
    }

    public byte[] write(Alert alert) {
        return write(out -> AlertFormat.write(out, alert));
    }

    public byte[] write(TenantPolicy policy) {
        return write(out -> PolicyFormat.write(out, policy));
    }

    public byte[] write(RedriveMarker marker) {
        return write(out -> RedriveFormat.write(out, marker));
    }

    public Outcome readOutcome(byte[] bytes) throws MalformedRecordException {
        return read("outcome", bytes, OutcomeFormat::read);
    }

    public Result readResult(byte[] bytes) throws MalformedRecordException {
        return read("result", bytes, ResultFormat::read);
    }

    public UsageEvent readUsageEvent(byte[] bytes) throws MalformedRecordException {
        return read("usage event", bytes, UsageFormat::read);
    }

    public BudgetStatus readBudgetStatus(byte[] bytes) throws MalformedRecordException {
        return read("budget status", bytes, BudgetFormat::read);
    }

    public Alert readAlert(byte[] bytes) throws MalformedRecordException {
        return read("alert", bytes, AlertFormat::read);
    }

    public RedriveMarker readRedriveMarker(byte[] bytes) throws MalformedRecordException {
        return read("redrive marker", bytes, RedriveFormat::read);
    }

    public TenantPolicy readTenantPolicy(byte[] bytes) throws MalformedRecordException {
        return read("tenant policy", bytes, PolicyFormat::read);
    }

    /** The same JSON, encoded now: a record that it is put into copies its bytes. For what goes into many records. */
    public JsonNode encodedOnce(JsonNode json) {
        byte[] encoded = write(out -> out.tree(json));
        return JsonNodeFactory.instance.rawValueNode(
                new RawValue(new SerializedString(new String(encoded, StandardCharsets.UTF_8))));
    }

    private interface Writer {
        void write(Output out);
    }

    private interface Reader<T> {
        T read(Fields fields) throws Refusal;
    }

    private static byte[] write(Writer writer) {
        try {
            return write(writer, MAPPER);
        } catch (JacksonException halfPair) {
            return write(writer, ESCAPING);
        }
    }

    private static byte[] write(Writer writer, JsonMapper mapper) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
        try (JsonGenerator generator = mapper.createGenerator(bytes)) {
            writer.write(new Output(generator));
        }
        return bytes.toByteArray();
    }

    private <T> T read(String what, byte[] bytes, Reader<T> reader) throws MalformedRecordException {
        try {
            return reader.read(Fields.of(json.tree(bytes)));
        } catch (Refusal refusal) {
            throw new MalformedRecordException(what + ": " + Detail.of(refusal.detail()));
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException(what + ": " + Detail.of(String.valueOf(e.getMessage())));
        }
    }
}
