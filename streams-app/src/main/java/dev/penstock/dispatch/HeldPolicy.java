package dev.penstock.dispatch;

import dev.penstock.config.BudgetsConfig;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether one more call may be held for a budget: each costs a row to restore and a place in memory. Where a partition
 * holds as many bytes as it may, a tenant with less than an equal part of them may still have more held, or the first few would
 * keep out all others.
 */
final class HeldPolicy {

    private final BudgetsConfig config;

    HeldPolicy(BudgetsConfig config) {
        this.config = config;
    }

    /**
     * What a call would be too much of.
     *
     * @param held what is held already, without that call
     * @return the thing, its value with that call, and the rule; null if it may be held
     */
    @Nullable
    String tooMuch(Waiter waiter, HeldCalls held) {
        int items = held.itemsOf(waiter.tenant()) + 1;
        long bytes = HeldCalls.bytesOf(waiter);
        long ofTenant = held.bytesOf(waiter.tenant()) + bytes;
        long ofPartition = held.bytes() + bytes;
        if (items > config.maxHeld()) {
            return text("held requests of the tenant", items, "budgets.max_held", config.maxHeld());
        }
        if (ofTenant > config.maxHeldBytes()) {
            return text("held bytes of the tenant", ofTenant, "budgets.max_held_bytes", config.maxHeldBytes());
        }
        if (ofPartition > config.maxHeldPartitionBytes()
                && ofTenant > config.maxHeldPartitionBytes() / held.tenantsWith(waiter.tenant())) {
            return text(
                    "held bytes of the partition",
                    ofPartition,
                    "budgets.max_held_partition_bytes",
                    config.maxHeldPartitionBytes());
        }
        return null;
    }

    private static String text(String thing, long value, String rule, long most) {
        return thing + ": " + value + " (expected: at most " + most + ", " + rule + ")";
    }
}
