package dev.penstock.idempotency;

import dev.penstock.schemas.Source;
import dev.penstock.work.Emission;
import dev.penstock.work.FanOut;
import dev.penstock.work.Followers;
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
    public @Nullable String nextGroup() {
        return store.nextFanOut();
    }

    @Override
    public Verdict verdict(String group) {
        String leader = store.fanOut(group).leader();
        Verdict verdict = store.verdict(leader);
        if (verdict == null) {
            throw new IllegalStateException(
                    "followers of request " + leader + " wait for a verdict that is not stored");
        }
        return verdict;
    }

    @Override
    public Followers<FollowerEntry> followers() {
        return store.followers();
    }

    @Override
    public void end(String group, FollowerEntry follower, Verdict verdict, Instant now) {
        store.followers().end(group, follower);
        RequestId leader = RequestId.parse(store.fanOut(group).leader());
        context.forward(new Record<>(
                follower.ticket().tenant(),
                new Emission.Terminal(follower.ticket(), follower.original(), verdict, Source.DUPLICATE, leader),
                now.toEpochMilli()));
    }

    @Override
    public void done(String group) {
        store.endFanOut(group);
    }
}
