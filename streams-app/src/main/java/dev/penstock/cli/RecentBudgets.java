package dev.penstock.cli;

import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.WireCodec;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where budgets stand, those nearest their limits first. Of many tenants only these are remembered: one that was forgotten is back with its next
 * status.
 */
final class RecentBudgets {

    private static final WireCodec CODEC = new WireCodec();
    private static final int SHOWN = 12;

    private static final Comparator<Row> NEAREST = Comparator.comparing(Row::percent)
            .thenComparing(Row::usedUsd)
            .thenComparingLong(row -> row.status().tokens().used())
            .reversed();

    private final int kept;
    private final Map<String, Row> rows = new HashMap<>();
    private boolean forgotten;

    private record Row(BudgetStatus status, BigDecimal percent, BigDecimal usedUsd) {}

    /** @param kept how many are remembered at least; never more than twice as many */
    RecentBudgets(int kept) {
        this.kept = kept;
    }

    synchronized void add(ConsumerRecord<byte[], byte[]> message) {
        if (message.key() == null) {
            return;
        }
        String key = new String(message.key(), StandardCharsets.UTF_8);
        Row row = row(message.value());
        if (row == null) {
            rows.remove(key);
            return;
        }
        rows.put(key, row);
        if (rows.size() > 2 * kept) {
            List<String> least = rows.entrySet().stream()
                    .sorted(Map.Entry.comparingByValue(NEAREST))
                    .skip(kept)
                    .map(Map.Entry::getKey)
                    .toList();
            least.forEach(rows::remove);
            forgotten = true;
        }
    }

    synchronized void clear() {
        rows.clear();
        forgotten = false;
    }

    synchronized void writeTo(ObjectNode object) {
        object.put("count", rows.size());
        object.put("more", forgotten);
        ArrayNode list = object.putArray("rows");
        rows.values().stream().sorted(NEAREST).limit(SHOWN).forEach(row -> write(list.addObject(), row.status()));
    }

    private static void write(ObjectNode object, BudgetStatus status) {
        object.put("tenant", status.tenant());
        object.put("window", status.window());
        object.put("state", status.state().wireName());
        object.put("resets_at", status.resetsAt().toString());
        BudgetStatus.Dollars usd = status.usd();
        if (usd != null) {
            object.put("used_usd", usd.used());
            object.put("reserved_usd", usd.reserved());
            object.put("limit_usd", usd.limit());
            object.put("percent_usd", usd.percent());
        }
        object.put("used_tokens", status.tokens().used());
        object.put("reserved_tokens", status.tokens().reserved());
        object.put("limit_tokens", status.tokens().limit());
        object.put("percent_tokens", status.tokens().percent());
    }

    /** Null for what is gone, is no status, or is the share of one model. */
    private static @Nullable Row row(byte @Nullable [] value) {
        if (value == null) {
            return null;
        }
        try {
            BudgetStatus status = CODEC.readBudgetStatus(value);
            BudgetStatus.Dollars usd = status.usd();
            BigDecimal percent = Stream.of(
                            orZero(usd == null ? null : usd.percent()),
                            orZero(status.tokens().percent()))
                    .reduce(BigDecimal.ZERO, BigDecimal::max);
            return status.model() == null ? new Row(status, percent, orZero(usd == null ? null : usd.used())) : null;
        } catch (MalformedRecordException foreign) {
            return null;
        }
    }

    private static BigDecimal orZero(@Nullable BigDecimal amount) {
        return amount == null ? BigDecimal.ZERO : amount;
    }
}
