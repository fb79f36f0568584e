package dev.penstock.provider;

import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** How a simulated provider fares: spells of good and bad times, drawn from the seed, and fair for ever after. */
final class Weather {

    /** What a provider does during a spell. */
    enum Spell {
        FAIR,
        DOWN,
        HANGING,
        THROTTLING,
        OUT_OF_MONEY,
        KEY_REFUSED,
        MIXED
    }

    /** What becomes of an attempt that is sent now. */
    record Fate(Duration latency, ProviderReply reply) {}

    private record Change(Instant at, Spell to) {}

    private final RandomGenerator random;
    private final List<Change> changes = new ArrayList<>();

    /** @param spells what there may be besides fair weather */
    Weather(RandomGenerator random, Instant from, Instant fairFrom, List<Spell> spells) {
        this.random = random;
        Instant at = from;
        while (at.isBefore(fairFrom)) {
            boolean fair = random.nextInt(3) == 0;
            changes.add(new Change(at, fair ? Spell.FAIR : spells.get(random.nextInt(spells.size()))));
            at = at.plusMillis(random.nextInt(1_000, 120_000));
        }
        changes.add(new Change(fairFrom, Spell.FAIR));
    }

    Fate fate(Instant now) {
        Spell spell = Spell.FAIR;
        for (Change change : changes) {
            spell = change.at().isAfter(now) ? spell : change.to();
        }
        return fate(spell);
    }

    private Fate fate(Spell spell) {
        return switch (spell) {
            case FAIR -> new Fate(latency(), answered());
            case DOWN ->
                new Fate(latency(), failed(random.nextBoolean() ? FailureClass.TRANSIENT : FailureClass.UNKNOWN));
            case HANGING -> new Fate(Duration.ofSeconds(random.nextInt(10, 300)), failed(FailureClass.UNKNOWN));
            case THROTTLING -> new Fate(latency(), Replies.failed(FailureClass.THROTTLED, wish(30_000)));
            case OUT_OF_MONEY -> new Fate(latency(), Replies.failed(FailureClass.SPEND_CAPPED, wish(400_000)));
            case KEY_REFUSED -> new Fate(latency(), failed(FailureClass.CREDENTIALS));
            case MIXED -> fate(Spell.values()[random.nextInt(Spell.values().length - 1)]);
        };
    }

    private ProviderReply failed(FailureClass failure) {
        return Replies.failed(failure, random.nextInt(4) == 0 ? wish(10_000) : null);
    }

    private ProviderReply answered() {
        if (random.nextInt(20) == 0) {
            return Replies.failed(FailureClass.PERMANENT);
        }
        return Replies.answered(
                random.nextBoolean() ? new TokenUsage(random.nextInt(1_000), random.nextInt(1_000), 0, 0) : null);
    }

    private @Nullable Duration wish(int mostMillis) {
        return random.nextBoolean() ? Duration.ofMillis(random.nextInt(mostMillis)) : null;
    }

    private Duration latency() {
        return Duration.ofMillis(random.nextInt(5, 4_000));
    }
}
