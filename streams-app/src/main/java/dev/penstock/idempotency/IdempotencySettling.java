package dev.penstock.idempotency;

import dev.penstock.config.RecordSizes;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.work.DueTimes;
import dev.penstock.work.Emission;
import dev.penstock.work.FanOut;
import dev.penstock.work.Settled;
import dev.penstock.work.Verdict;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Ends a request that led: its terminal goes out, its key becomes final or free, its followers share the verdict. */
final class IdempotencySettling implements Processor<String, Settled, String, Emission> {

    private final Idempotency stage;
    private final IdempotencyPolicy policy;
    private ProcessorContext<String, Emission> context;
    private IdempotencyStore store;
    private FanOut<FollowerEntry> fanOut;
    private DueTimes dueTimes;

    @SuppressWarnings("NullAway.Init") // what depends on the context is set in init, before the first record
    IdempotencySettling(Idempotency stage) {
        this.stage = stage;
        this.policy = stage.policy();
    }

    @Override
    public void init(ProcessorContext<String, Emission> context) {
        this.context = context;
        this.store = stage.store(context);
        this.fanOut = new FanOut<>(
                context, new DuplicateFollowers(context, store), stage.transactions(), "idempotency verdicts");
        KeySweep sweep = new KeySweep(context, store, stage);
        this.dueTimes = new DueTimes(context)
                .add("verdicts", fanOut::next, fanOut::advance)
                .add("expiry", sweep::next, sweep::sweep);
        dueTimes.refresh();
    }

    @Override
    public void process(Record<String, Settled> record) {
        settle(record);
        dueTimes.refresh();
    }

    private void settle(Record<String, Settled> record) {
        Settled settled = record.value();
        String leader = IdempotencyStore.leader(settled.ticket().id());
        KeyEntry led = store.key(settled.key().hash());
        if (led == null || !led.leader().equals(leader)) {
            end(record, settled.verdict());
            return;
        }
        boolean lost = settled.lost() || IdempotencyPolicy.isInDoubt(settled.verdict());
        KeyEntry entry = lost ? led.withLost() : led;
        if (policy.handsOver(settled.verdict())) {
            handOver(record, entry);
            return;
        }
        Verdict verdict = mustKeep(entry, settled.verdict())
                ? stored(settled.ticket().tenant(), leader, settled.verdict())
                : settled.verdict();
        end(record, verdict);
        settleKey(settled.key().hash(), entry, verdict);
    }

    /** If any request follows, one of them leads next. */
    private void handOver(Record<String, Settled> record, KeyEntry entry) {
        Settled settled = record.value();
        end(record, settled.verdict());
        String hash = settled.key().hash();
        if (entry.group() == null || store.followers().first(entry.group()) == null) {
            store.leave(hash, entry, expiry());
        } else {
            store.putKey(hash, entry);
            store.putRelease(entry.group(), hash);
        }
    }

    private void end(Record<String, Settled> record, Verdict verdict) {
        Settled settled = record.value();
        context.forward(record.withValue(
                new Emission.Terminal(settled.ticket(), settled.original(), verdict, settled.source(), null)));
    }

    private static boolean mustKeep(KeyEntry entry, Verdict verdict) {
        return verdict.isFinal() || entry.group() != null;
    }

    private void settleKey(String hash, KeyEntry entry, Verdict verdict) {
        if (verdict.isFinal()) {
            store.putKey(hash, entry.finalUntil(expiry()));
        } else {
            store.leave(hash, entry, expiry());
        }
        if (entry.group() != null) {
            store.putFanOut(entry.group(), new FanOutEntry(hash, entry.leader()));
            fanOut.advance(Instant.ofEpochMilli(context.currentSystemTimeMs()));
        }
    }

    /** The verdict that stands: another one if the one that came is too large to keep. */
    private Verdict stored(String tenant, String leader, Verdict verdict) {
        if (store.putVerdict(tenant, leader, verdict)) {
            return verdict;
        }
        Verdict tooLarge = Verdict.Failure.of(
                DeadLetterCode.OUTCOME_RESULT_TOO_LARGE,
                attemptsOf(verdict),
                "answer: too large to keep for duplicates (expected: at most " + RecordSizes.MAX_STORED_BYTES
                        + " bytes as stored)");
        store.putVerdict(tenant, leader, tooLarge);
        return tooLarge;
    }

    /** Of what stands for duplicates from now on. */
    private Instant expiry() {
        return policy.expiryOf(Instant.ofEpochMilli(context.currentSystemTimeMs()));
    }

    private static int attemptsOf(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Answer answer -> answer.attempts().size();
            case Verdict.Failure failure -> failure.attempts();
        };
    }

    @Override
    public void close() {
        dueTimes.close();
    }
}
