package dev.penstock.budget;

import dev.penstock.budget.RateFields.Field;
import dev.penstock.config.ConfigException;
import dev.penstock.schemas.BoundedJson;
import dev.penstock.schemas.CodecLimits;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;

/**
 * Imports LiteLLM's table of prices: an object of models, each with US dollars a token under {@code input_cost_per_token}
 * and its like. Fields of other kinds are theirs and are ignored. A chat model is left out, and so has no known price, when
 * it lacks an input or an output price, or is charged in a way that cannot be expressed here.
 */
final class LiteLlmPrices {

    private static final CodecLimits LIMITS = new CodecLimits(64 << 20, 64, 1 << 20, 100, 64 << 20);

    /** An example of theirs, with texts in place of numbers. */
    private static final String SAMPLE = "sample_spec";

    private static final Set<String> MODES = Set.of("chat", "completion", "responses");

    /** Ways of charging that cannot be expressed as a price for each token of a kind. */
    private static final List<String> INEXPRESSIBLE = List.of("tiered_pricing", "long_context_input_cost_multiplier");

    private static final Map<String, Field> FIELDS = Map.of(
            "input_cost_per_token", Field.INPUT,
            "cache_read_input_token_cost", Field.CACHED_INPUT,
            "cache_creation_input_token_cost", Field.CACHE_WRITE,
            "output_cost_per_token", Field.OUTPUT,
            "output_cost_per_reasoning_token", Field.REASONING);

    private static final Pattern NAME =
            Pattern.compile("(" + String.join("|", FIELDS.keySet()) + ")(_above_([0-9]{1,6})k_tokens)?(_batches)?");

    private final List<String> problems = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final PriceText amounts = new PriceText(problems::add);

    private LiteLlmPrices() {}

    static PriceTable read(String file, byte[] json) throws ConfigException {
        return switch (new BoundedJson(LIMITS).read(json)) {
            case BoundedJson.Read.Refused refused ->
                throw new ConfigException(List.of(file + ": " + refused.detail() + " (expected: LiteLLM's JSON)"));
            case BoundedJson.Read.Tree tree -> new LiteLlmPrices().table(file, tree.node());
        };
    }

    private PriceTable table(String file, JsonNode root) throws ConfigException {
        Map<String, Price> prices = new LinkedHashMap<>();
        if (!root.isObject()) {
            problems.add(file + ": no object (expected: models with their prices)");
        }
        root.forEachEntry((model, entry) -> {
            if (!model.equals(SAMPLE) && isChat(entry)) {
                Optional<Price> price = price(file, model, entry);
                price.ifPresent(known -> prices.put(model, known));
                if (price.isEmpty()) {
                    leftOut.add(model);
                }
            }
        });
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new PriceTable(PriceDigest.of(prices), prices, leftOut);
    }

    private static boolean isChat(JsonNode entry) {
        JsonNode mode = entry.path("mode");
        return entry.isObject() && (mode.isMissingNode() || (mode.isString() && MODES.contains(mode.stringValue())));
    }

    private Optional<Price> price(String file, String model, JsonNode entry) {
        Map<Long, RateFields> standard = new TreeMap<>();
        Map<Long, RateFields> batch = new TreeMap<>();
        entry.forEachEntry((name, value) -> {
            Matcher matcher = NAME.matcher(name);
            Field field = matcher.matches() ? FIELDS.get(matcher.group(1)) : null;
            if (field != null && !value.isNull()) {
                long above = matcher.group(3) == null ? 0 : Long.parseLong(matcher.group(3)) * 1_000;
                RateFields fields = (matcher.group(4) == null ? standard : batch)
                        .computeIfAbsent(above, tokens -> new RateFields());
                amount(file + ": " + PriceText.shown(model) + "." + name, value)
                        .ifPresent(usd -> fields.put(field, usd));
            }
        });
        return INEXPRESSIBLE.stream().anyMatch(entry::hasNonNull) ? Optional.empty() : bands(standard, batch);
    }

    private Optional<BigDecimal> amount(String where, JsonNode value) {
        if (value instanceof NumericNode number && !number.isNaN()) {
            return amounts.check(where, number.decimalValue());
        }
        return amounts.read(where, value.isString() ? value.stringValue() : "no number");
    }

    /** A band that gives only some rates has the others of the band below it. */
    private static Optional<Price> bands(Map<Long, RateFields> standard, Map<Long, RateFields> batch) {
        List<Band> bands = new ArrayList<>();
        Set<Long> lengths = new TreeSet<>(standard.keySet());
        lengths.addAll(batch.keySet());
        Rates below = null;
        Rates batchBelow = null;
        for (long above : lengths) {
            below = standard.getOrDefault(above, new RateFields())
                    .complete(below)
                    .orElse(null);
            batchBelow = batch.getOrDefault(above, new RateFields())
                    .complete(batchBelow)
                    .orElse(null);
            if (below == null) {
                return Optional.empty();
            }
            bands.add(new Band(above, below, batchBelow));
        }
        return bands.isEmpty() || bands.getFirst().above() != 0 ? Optional.empty() : Optional.of(new Price(bands));
    }
}
