package dev.penstock.deadletters;

import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.RedriveMarker;
import dev.penstock.schemas.WireCodec;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which dead letters were replayed, from the markers of all replays so far. */
public final class Redrives {

    private static final WireCodec CODEC = new WireCodec();

    /** When the letter of each id was written. A topic that was made anew counts its offsets from 0 again; its letters have other times. */
    private final Map<String, Long> writtenAt = new HashMap<>();

    /** Takes one record of the redrives topic. What is no marker is passed over: it can make nothing look replayed. */
    public void read(byte @Nullable [] value) {
        if (value == null) {
            return;
        }
        try {
            RedriveMarker marker = CODEC.readRedriveMarker(value);
            writtenAt.put(marker.deadLetter(), marker.failedAt().toEpochMilli());
        } catch (MalformedRecordException foreign) {
            // Whoever wrote it, no replay did.
        }
    }

    public boolean hold(DeadLetter letter) {
        Long time = writtenAt.get(letter.id());
        return time != null && time == letter.writtenAt().toEpochMilli();
    }

    public int size() {
        return writtenAt.size();
    }
}
