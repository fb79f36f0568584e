package dev.penstock.batching;

import dev.penstock.schemas.RequestCodec.Parsed;
import dev.penstock.work.Call;
import dev.penstock.work.Fingerprint;
import dev.penstock.work.IdempotencyKey;
import dev.penstock.work.Origin;
import dev.penstock.work.RequestId;
import dev.penstock.work.Ticket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one call of several requests. To those who make it, it is a request like others, under an identity of its own.
 *
 * @param call what is called
 * @param ids the members', in their order
 */
record SharedPrompt(Call call, List<String> ids) {

    private static final String NAME = "batch";

    /**
     * What a member brings.
     *
     * @param call the one that it would make alone
     */
    record Part(Member member, Call call, BatchItem item) {

        /** The order in which members are stored. */
        static final Comparator<Part> BY_RECORD = Comparator.comparing(
                part -> part.member().ticket().id(),
                Comparator.comparingInt(RequestId::partition).thenComparingLong(RequestId::offset));
    }

    /** @return null if the whole is no request that can be called for, as where it is too large */
    static @Nullable SharedPrompt of(RequestId id, List<Part> parts, BatchParts stage) {
        Part first = parts.getFirst();
        BatchPrompt prompt = stage.prompt(
                parts.stream().map(Part::item).toList(), first.member().route());
        byte[] line = line(prompt.body(), first.call().request().attemptTimeout());
        if (!(stage.codec().parse(line) instanceof Parsed.Accepted accepted)) {
            return null;
        }
        String hash =
                Fingerprint.of(Fingerprint.text(first.member().ticket().tenant()), Fingerprint.text(id.toString()));
        Call call = new Call(
                ticket(id, parts),
                new IdempotencyKey(hash, hash),
                accepted.request(),
                line,
                first.member().route());
        return new SharedPrompt(call, prompt.ids());
    }

    private static byte[] line(ObjectNode body, @Nullable Duration attemptTimeout) {
        ObjectNode line = JsonNodeFactory.instance.objectNode().put("custom_id", NAME);
        if (attemptTimeout != null) {
            line.put("attempt_timeout_ms", attemptTimeout.toMillis());
        }
        line.set("body", body);
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** In the queue since its first member is; over when the first of them is overdue. */
    private static Ticket ticket(RequestId id, List<Part> parts) {
        Ticket first = parts.getFirst().member().ticket();
        Instant deadline = parts.stream()
                .map(part -> part.member().ticket().deadline())
                .min(Instant::compareTo)
                .orElseThrow();
        return new Ticket(
                new Origin(id, first.origin().timestampMillis(), 0, null),
                first.tenant(),
                NAME,
                null,
                first.priority(),
                first.inDoubt(),
                first.admittedAt(),
                deadline);
    }

    /** Names no content. */
    @Override
    public String toString() {
        return "SharedPrompt[" + call.ticket().id() + ", members=" + ids.size() + "]";
    }
}
