package dev.penstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What can be said of the dashboards without a Prometheus. */
class DashboardsTest {

    private static final Path METRICS = Path.of("..", "docs", "metrics.md");
    private static final Pattern METRIC = Pattern.compile("\\b(penstock|gen_ai_client|kafka)_[a-z_]+");
    private static final Pattern FIRST_COLUMN = Pattern.compile("(?m)^\\| `([a-z_]+)`");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([a-z]+)\\b");

    @Test
    void shouldBeTwoWithNamesThatStay() throws Exception {
        assertThat(Dashboard.all().stream()
                        .map(dashboard -> dashboard.json().path("uid").asString("")))
                .containsExactly("penstock-operations", "penstock-spend");
    }

    @Test
    void shouldAskOnlyForMetricsThatThePageLists() throws Exception {
        // Given
        Set<String> listed = found(METRIC, Files.readString(METRICS), 0);

        // When
        Set<String> asked = new TreeSet<>();
        for (Dashboard dashboard : Dashboard.all()) {
            dashboard.queries().forEach(query -> asked.addAll(found(METRIC, query.expression(), 0)));
        }

        // Then
        assertThat(asked.stream().map(name -> name.replaceFirst("_(bucket|sum|count)$", "")))
                .isNotEmpty()
                .allMatch(listed::contains);
    }

    @Test
    void shouldShowEveryMetricOfRequestsAndCalls() throws Exception {
        // Given
        String page = Files.readString(METRICS);
        String tables = page.substring(page.indexOf("## Requests"), page.indexOf("## Usage and cost"));
        Set<String> listed = found(FIRST_COLUMN, tables, 1);

        // When
        Set<String> shown = new TreeSet<>();
        for (Dashboard dashboard : Dashboard.all()) {
            dashboard.queries().forEach(query -> shown.addAll(found(METRIC, query.expression(), 0)));
        }

        // Then
        assertThat(listed).hasSizeGreaterThan(20);
        assertThat(listed).allMatch(name -> shown.contains(name) || shown.contains(name + "_bucket"));
    }

    @Test
    void shouldUseEachVariableAndNoOther() throws Exception {
        for (Dashboard dashboard : Dashboard.all()) {
            // Given
            List<String> declared = dashboard.variables().stream()
                    .map(variable -> variable.path("name").asString(""))
                    .toList();

            // When
            Set<String> used = found(VARIABLE, dashboard.json().path("panels").toString(), 1);

            // Then
            assertThat(used).as(dashboard.file()).containsExactlyInAnyOrderElementsOf(declared);
        }
    }

    @Test
    void shouldPlaceNoPanelOnAnother() throws Exception {
        for (Dashboard dashboard : Dashboard.all()) {
            Set<String> taken = new TreeSet<>();
            for (JsonNode panel : dashboard.panels()) {
                JsonNode place = panel.path("gridPos");
                for (int x = place.path("x").asInt();
                        x < place.path("x").asInt() + place.path("w").asInt();
                        x++) {
                    for (int y = place.path("y").asInt();
                            y < place.path("y").asInt() + place.path("h").asInt();
                            y++) {
                        assertThat(taken.add(x + "," + y))
                                .as("%s: %s", dashboard.file(), panel.path("title"))
                                .isTrue();
                    }
                    assertThat(x).isLessThan(24);
                }
            }
        }
    }

    private static Set<String> found(Pattern pattern, String text, int group) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(group));
        }
        return found;
    }
}
