package dev.penstock.budget;

import dev.penstock.budget.RateFields.Field;
import dev.penstock.budget.YamlTree.Node;
import dev.penstock.config.ConfigException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads our own price files. All mistakes are reported at once, each with its line:
 *
 * <pre>{@code
 * version: 2026-11            # optional; else a digest of the prices
 * models:
 *   gpt-4o-mini:              # US dollars for one token
 *     input: 0.00000015
 *     cached_input: 0.000000075
 *     output: 0.0000006
 *     batch: {input: 0.000000075, output: 0.0000003}
 *   sonnet:
 *     input: 3e-6
 *     cache_write: 3.75e-6
 *     output: 15e-6
 *     above:                  # prompts with more tokens pay this for all of their tokens
 *       200000: {input: 6e-6, output: 22.5e-6}
 * }</pre>
 */
final class PriceYaml {

    private static final String FIELDS = "input, cached_input, cache_write, output, reasoning, batch, above";
    private static final int MAX_VERSION = 100;

    private final List<String> problems = new ArrayList<>();
    private final PriceText amounts = new PriceText(problems::add);

    private PriceYaml() {}

    static PriceTable read(String file, String text) throws ConfigException {
        return new PriceYaml().table(file, text);
    }

    private PriceTable table(String file, String text) throws ConfigException {
        Map<String, Price> prices = new LinkedHashMap<>();
        String version = null;
        Node.Mapping root = YamlTree.read(file, text, problems);
        for (Map.Entry<String, Node> member : root.members().entrySet()) {
            switch (member.getKey()) {
                case "version" -> version = version(member.getValue());
                case "models" -> models(member.getValue(), prices);
                default -> unknown(member.getValue(), member.getKey(), "version, models");
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new PriceTable(version == null ? PriceDigest.of(prices) : version, prices, List.of());
    }

    private @Nullable String version(Node node) {
        if (node instanceof Node.Scalar scalar
                && !scalar.text().isBlank()
                && scalar.text().length() <= MAX_VERSION) {
            return scalar.text();
        }
        problems.add(node.place() + ": version: no text (expected: 1.." + MAX_VERSION + " characters)");
        return null;
    }

    private void models(Node node, Map<String, Price> prices) {
        Node.Mapping models = mapping(node, "models");
        if (models != null) {
            models.members().forEach((model, value) -> {
                Node.Mapping fields = mapping(value, PriceText.shown(model));
                Price price = fields == null ? null : price(fields, PriceText.shown(model));
                if (price != null) {
                    prices.put(model, price);
                }
            });
        }
    }

    private @Nullable Price price(Node.Mapping fields, String model) {
        Band first = band(0, fields, model);
        List<Band> bands = new ArrayList<>();
        Node above = fields.members().get("above");
        Node.Mapping longer = above == null ? null : mapping(above, model + ".above");
        if (longer != null) {
            longer.members()
                    .forEach((tokens, value) -> Optional.ofNullable(
                                    longer(tokens, value, model + ".above." + PriceText.shown(tokens)))
                            .ifPresent(bands::add));
        }
        bands.sort(Comparator.comparingLong(Band::above));
        if (first == null) {
            return null;
        }
        bands.addFirst(first);
        return new Price(bands);
    }

    private @Nullable Band longer(String tokens, Node value, String path) {
        Node.Mapping fields = mapping(value, path);
        if (!tokens.matches("[1-9][0-9]{0,11}")) {
            wrong(value, path, "no length", "a number of tokens, at least 1");
            return null;
        }
        if (fields == null) {
            return null;
        }
        if (fields.members().containsKey("above")) {
            wrong(value, path + ".above", "nested", "above once for a model");
        }
        return band(Long.parseLong(tokens), fields, path);
    }

    private @Nullable Band band(long above, Node.Mapping fields, String path) {
        Rates standard = rates(fields, path, true);
        Node batch = fields.members().get("batch");
        Node.Mapping batchFields = batch == null ? null : mapping(batch, path + ".batch");
        Rates batched = batchFields == null ? null : rates(batchFields, path + ".batch", false);
        return standard == null ? null : new Band(above, standard, batched);
    }

    private @Nullable Rates rates(Node.Mapping fields, String path, boolean nests) {
        RateFields rates = new RateFields();
        int before = problems.size();
        fields.members().forEach((name, value) -> {
            String at = path + "." + PriceText.shown(name);
            Optional<Field> field = Field.named(name);
            if (field.isPresent() && value instanceof Node.Scalar scalar) {
                amounts.read(scalar.place() + ": " + at, scalar.text()).ifPresent(usd -> rates.put(field.get(), usd));
            } else if (field.isPresent()) {
                wrong(value, at, "no plain value", "US dollars a token");
            } else if (!nests || !(name.equals("batch") || name.equals("above"))) {
                unknown(value, at, FIELDS);
            }
        });
        Optional<Rates> complete = rates.complete();
        if (complete.isEmpty() && before == problems.size()) {
            problems.add(fields.place() + ": " + path + ": incomplete (expected: at least input and output)");
        }
        return complete.orElse(null);
    }

    private Node.@Nullable Mapping mapping(Node node, String path) {
        if (node instanceof Node.Mapping mapping) {
            return mapping;
        }
        wrong(node, path, "no mapping", "name: value lines");
        return null;
    }

    private void unknown(Node node, String path, String expected) {
        wrong(node, path, "an unknown field", expected);
    }

    private void wrong(Node node, String path, String what, String expected) {
        problems.add(node.place() + ": " + path + ": " + what + " (expected: " + expected + ")");
    }
}
