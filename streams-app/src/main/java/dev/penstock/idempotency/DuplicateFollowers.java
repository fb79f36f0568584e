package dev.penstock.idempotency;

import dev.penstock.schemas.Source;
import dev.penstock.work.Emission;
import dev.penstock.work.FanOut;
import dev.penstock.work.FollowerRows;
import dev.penstock.work.RequestId;
import dev.penstock.work.Verdict;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Duplicates that came while the request was under way whose verdict is theirs too. */
final class DuplicateFollowers implements FanOut.Queue<FollowerEntry> {

    private final ProcessorContext<String, Emission> context;
    private final IdempotencyStore store;

    DuplicateFollowers(ProcessorContext<String, Emission> context, IdempotencyStore store) {
        this.context = context;
        this.store = store;
    }

    @Override
    public @Nullable String nextLeader() {
        return store.nextFanOut();
    }

    @Override
    public Verdict verdict(String leader) {
        Verdict verdict = store.verdict(leader);
        if (verdict == null) {
            throw new IllegalStateException(
                    "followers of request " + leader + " wait for a verdict that is not stored");
        }
        return verdict;
    }

    @Override
    public FollowerRows<FollowerEntry> followers() {
        return store.followers();
    }

    @Override
    public byte[] original(FollowerEntry follower) {
        return follower.original();
    }

    @Override
    public void end(String leader, FollowerEntry follower, Verdict verdict, Instant now) {
        store.endFollower(leader, follower);
        context.forward(new Record<>(
                follower.ticket().tenant(),
                new Emission.Terminal(
                        follower.ticket(), follower.original(), verdict, Source.DUPLICATE, RequestId.parse(leader)),
                now.toEpochMilli()));
    }

    @Override
    public void done(String leader) {
        store.endFanOut(leader);
    }
}
