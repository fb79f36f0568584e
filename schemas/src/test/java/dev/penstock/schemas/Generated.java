package dev.penstock.schemas;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Records with anything that their constructors allow, from a seed. */
final class Generated {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Random random;

    Generated(long seed) {
        this.random = new Random(seed);
    }

    Outcome outcome() {
        Outcome.Kind kind = one(Outcome.Kind.values());
        boolean answered = kind == Outcome.Kind.ANSWERED;
        return new Outcome(
                text(),
                1 + random.nextInt(Integer.MAX_VALUE),
                tenant(),
                text(),
                kind,
                answered ? new Outcome.Answer(status(), orNull(this::text), body(4)) : null,
                kind == Outcome.Kind.FAILED || (!answered && random.nextBoolean()) ? failure() : null,
                kind == Outcome.Kind.PARKED ? instant() : null,
                text(),
                text(),
                orNull(this::text),
                orNull(this::usage),
                attempts(),
                instant(),
                instant(),
                orNull(this::text),
                random.nextInt(3));
    }

    private Outcome.Failure failure() {
        return new Outcome.Failure(
                one(FailureClass.values()),
                one(DeadLetterCode.values()),
                orNull(this::status),
                random.nextBoolean(),
                orNull(() -> Duration.ofNanos(random.nextLong())),
                random.nextBoolean() ? "" : text());
    }

    Result result() {
        return new Result(
                text(), text(), new Result.Response(status(), random.nextBoolean() ? "" : text(), body(4)), section());
    }

    private PenstockSection section() {
        return new PenstockSection(
                tenant(),
                text(),
                one(Source.values()),
                text(),
                text(),
                orNull(this::text),
                orNull(this::text),
                attempts(),
                1 + random.nextInt(100),
                random.nextInt(1_000),
                orNull(this::usage),
                orNull(this::usage),
                orNull(this::usd),
                instant(),
                orNull(this::usd),
                new Timings(random.nextInt(), random.nextInt(), random.nextLong()),
                orNull(this::object));
    }

    UsageEvent usageEvent() {
        return new UsageEvent(
                text(),
                tenant(),
                text(),
                1 + random.nextInt(9),
                text(),
                text(),
                orNull(this::text),
                orNull(this::usage),
                orNull(this::usd),
                orNull(this::text),
                one(UsageEvent.Status.values()),
                1 + random.nextInt(100),
                one(Source.values()),
                instant());
    }

    BudgetStatus budgetStatus() {
        Instant start = instant();
        return new BudgetStatus(
                tenant(),
                "30d",
                orNull(this::text),
                start.minus(Duration.ofDays(1)),
                start,
                one(BudgetStatus.State.values()),
                orNull(() -> new BudgetStatus.Dollars(
                        usd(), usd(), orNull(this::usd), orNull(this::usd), orNull(this::usd), orNull(this::usd))),
                new BudgetStatus.Tokens(
                        count(),
                        count(),
                        orNull(this::count),
                        orNull(this::count),
                        orNull(this::count),
                        orNull(this::usd)),
                instant());
    }

    RedriveMarker redriveMarker() {
        return new RedriveMarker(
                text(), instant(), one(DeadLetterCode.values()), text(), 1 + random.nextInt(5), instant());
    }

    Alert alert() {
        return new Alert(
                instant(),
                one(Alert.Kind.values()),
                text(),
                orNull(this::tenant),
                orNull(this::text),
                orNull(this::text),
                random.nextBoolean() ? "" : text());
    }

    TenantPolicy tenantPolicy() {
        return new TenantPolicy(
                orNull(this::tenant),
                orNull(() -> List.of(
                        new BudgetRule(
                                BudgetWindow.Calendar.MONTH,
                                random.nextBoolean() ? ZoneOffset.UTC : ZoneId.of("Europe/Berlin"),
                                usd().add(BigDecimal.ONE),
                                orNull(() -> BigDecimal.ONE),
                                null,
                                null),
                        new BudgetRule(
                                BudgetWindow.parse("30h").orElseThrow(),
                                ZoneOffset.UTC,
                                null,
                                null,
                                7L,
                                orNull(() -> 7L)))),
                orNull(() -> one(TenantPolicy.OnBudgetSpent.values())),
                orNull(() -> List.of(text(), text())),
                orNull(() -> 1 + random.nextInt(TenantPolicy.MAX_WEIGHT)),
                orNull(() -> 1 + random.nextInt(Integer.MAX_VALUE)),
                orNull(() -> one(BatchDirective.values())),
                orNull(() -> random.nextBoolean()
                        ? new CacheDirective.Bypass()
                        : new CacheDirective.Ttl(Duration.ofMillis(1 + random.nextInt(1_000_000)))),
                orNull(() -> random.nextBoolean() ? Trim.NEVER : new Trim(1 + random.nextInt(1_000_000))));
    }

    DeadLetterHeaders deadLetterHeaders() {
        DeadLetterCode code = one(DeadLetterCode.values());
        boolean cut = random.nextBoolean();
        return new DeadLetterHeaders(
                code,
                code.retryable(),
                random.nextInt(1_000),
                text(),
                "llm.requests",
                random.nextInt(1_000),
                count(),
                random.nextLong(),
                instant(),
                random.nextInt(4),
                "0.1.0",
                orNull(this::text),
                cut ? "0f".repeat(32) : null,
                cut ? count() : null);
    }

    JsonNode body(int depth) {
        return switch (random.nextInt(depth == 0 ? 6 : 9)) {
            case 0 -> NODES.numberNode(random.nextInt());
            case 1 -> NODES.numberNode(random.nextLong());
            case 2 -> NODES.numberNode(new BigInteger(200, random));
            case 3 ->
                NODES.numberNode(new BigDecimal(new BigInteger(90, random), random.nextInt(-999_999_000, 999_999_000)));
            case 4 -> NODES.stringNode(text());
            case 5 -> random.nextBoolean() ? NODES.nullNode() : NODES.booleanNode(random.nextBoolean());
            case 6 -> {
                ArrayNode array = NODES.arrayNode();
                IntStream.range(0, random.nextInt(4)).forEach(i -> array.add(body(depth - 1)));
                yield array;
            }
            default -> {
                ObjectNode object = NODES.objectNode();
                IntStream.range(0, random.nextInt(5)).forEach(i -> object.set(text(), body(depth - 1)));
                yield object;
            }
        };
    }

    private ObjectNode object() {
        return NODES.objectNode().set("it", body(2));
    }

    private List<AttemptReport> attempts() {
        return IntStream.range(0, random.nextInt(3))
                .mapToObj(i -> new AttemptReport(text(), random.nextBoolean() ? "" : text(), random.nextInt()))
                .toList();
    }

    private TokenUsage usage() {
        return new TokenUsage(
                random.nextInt(1 << 30), random.nextInt(1 << 30), random.nextInt(1 << 20), random.nextInt(1 << 20));
    }

    private BigDecimal usd() {
        return random.nextInt(5) == 0
                ? new BigDecimal(BigInteger.valueOf(random.nextInt(10)), random.nextInt(-10, 0))
                : new BigDecimal(new BigInteger(39, random), random.nextInt(0, 31));
    }

    private long count() {
        return random.nextLong() >>> 2;
    }

    private int status() {
        return random.nextInt(100, 600);
    }

    private Instant instant() {
        return Instant.ofEpochSecond(random.nextLong(0, 200_000_000_000L), random.nextInt(1_000_000_000));
    }

    private String tenant() {
        return "t/" + random.nextInt(100);
    }

    private String text() {
        return random.ints(1 + random.nextInt(40), 0, 0x11_0000)
                .map(c -> random.nextInt(4) > 0 ? c % 0x80 : c)
                .filter(c -> c < 0xD800 || c > 0xDFFF)
                .collect(() -> new StringBuilder("x"), StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private <T> @Nullable T orNull(Supplier<T> supplier) {
        return random.nextBoolean() ? supplier.get() : null;
    }

    private <E> E one(E[] values) {
        return values[random.nextInt(values.length)];
    }
}
