package dev.penstock.intake;

import dev.penstock.work.Origin;
import dev.penstock.work.Redrive;
import org.jspecify.annotations.Nullable;

/**
 * A record as it arrived, before anything is known of it.
 *
 * @param origin where it stands on the requests topic
 * @param key the record's key as text; null when it had none; what is not UTF-8 in it is replaced, so that it names no tenant
 * @param value the record's value
 * @param headerBytes the size of all its headers
 * @param partition the partition it was read from
 * @param rerouted whether it was already rerouted once
 * @param signature what stands in the header of signatures; null for none
 * @param redrive what the replay asked for that it comes from, if it comes from one
 */
record Arrival(
        Origin origin,
        @Nullable String key,
        byte @Nullable [] value,
        int headerBytes,
        int partition,
        boolean rerouted,
        @Nullable String signature,
        Redrive redrive) {

    /** One that was neither signed nor replayed. */
    Arrival(
            Origin origin,
            @Nullable String key,
            byte @Nullable [] value,
            int headerBytes,
            int partition,
            boolean rerouted) {
        this(origin, key, value, headerBytes, partition, rerouted, null, Redrive.NONE);
    }
}
