package dev.penstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The alerts, the metrics that they ask for, their runbooks and their unit tests are one set. */
class PrometheusRulesTest {

    static final Path RULES = Path.of("..", "deploy", "prometheus");
    private static final Path RUNBOOKS = Path.of("..", "docs", "runbooks");
    private static final Path METRICS = Path.of("..", "docs", "metrics.md");
    private static final Pattern METRIC = Pattern.compile("\\bpenstock_[a-z_]+");
    private static final YAMLMapper YAML = new YAMLMapper();

    @Test
    void shouldTellOfEveryAlertHowGraveItIsAndWhatToDo() {
        for (JsonNode rule : rules()) {
            // Given
            String name = rule.path("alert").stringValue();
            JsonNode annotations = rule.path("annotations");

            // When / Then
            assertThat(rule.at("/labels/severity").asString("")).as(name).isIn("critical", "warning");
            assertThat(annotations.path("summary").asString("")).as(name).isNotEmpty();
            assertThat(annotations.path("description").asString("")).as(name).isNotEmpty();
            assertThat(annotations.path("runbook_url").asString(""))
                    .isEqualTo("{{ $externalLabels.penstock_runbooks }}/" + name + ".md");
        }
    }

    @Test
    void shouldHaveOneRunbookForEachAlert() throws IOException {
        try (Stream<Path> pages = Files.list(RUNBOOKS)) {
            // When
            Set<String> names = pages.map(page -> page.getFileName().toString())
                    .filter(name -> !name.equals("README.md"))
                    .map(name -> name.replace(".md", ""))
                    .collect(Collectors.toSet());

            // Then
            assertThat(names).isEqualTo(alerts());
        }
    }

    @Test
    void shouldAskOnlyForMetricsThatThePageLists() throws IOException {
        // Given
        Set<String> listed = found(Files.readString(METRICS));

        // When
        Set<String> asked = new TreeSet<>();
        rules().forEach(rule -> found(rule.path("expr").stringValue()).stream()
                .map(name -> name.replaceFirst("_bucket$", ""))
                .forEach(asked::add));

        // Then
        assertThat(listed).containsAll(asked);
    }

    @Test
    void shouldTestEveryAlertBothWays() throws IOException {
        // Given
        JsonNode tests = YAML.readTree(Files.readString(RULES.resolve("penstock.rules.test.yml")))
                .path("tests");

        // When
        Set<String> fire = new TreeSet<>();
        Set<String> rest = new TreeSet<>();
        tests.forEach(test -> test.path("alert_rule_test")
                .forEach(each -> (each.has("exp_alerts") ? fire : rest)
                        .add(each.path("alertname").stringValue())));

        // Then
        assertThat(fire).isEqualTo(alerts());
        assertThat(rest).isEqualTo(alerts());
    }

    private static Set<String> alerts() {
        Set<String> names = new TreeSet<>();
        rules().forEach(rule -> names.add(rule.path("alert").stringValue()));
        return names;
    }

    private static JsonNode rules() {
        return YAML.readTree(RULES.resolve("penstock.rules.yml").toFile()).at("/groups/0/rules");
    }

    private static Set<String> found(String text) {
        Set<String> names = new TreeSet<>();
        Matcher metric = METRIC.matcher(text);
        while (metric.find()) {
            names.add(metric.group());
        }
        return names;
    }
}
