package dev.penstock.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A dashboard of deploy/grafana. */
public record Dashboard(String file, JsonNode json) {

    private static final Path FOLDER = Path.of("..", "deploy", "grafana");

    /** One query of a panel, with Grafana's variables in it. */
    public record Query(String panel, String expression) {}

    public static List<Dashboard> all() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<Dashboard> dashboards = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                dashboards.add(new Dashboard(
                        file.getFileName().toString(), JsonMapper.shared().readTree(Files.readString(file))));
            }
            return dashboards;
        }
    }

    /** Without the rows, which only hold the others. */
    List<JsonNode> panels() {
        return json.path("panels")
                .valueStream()
                .filter(panel -> !panel.path("type").asString("").equals("row"))
                .toList();
    }

    public List<Query> queries() {
        return panels().stream()
                .flatMap(panel -> panel.path("targets")
                        .valueStream()
                        .map(target -> new Query(
                                panel.path("title").asString(""),
                                target.path("expr").asString(""))))
                .toList();
    }

    List<JsonNode> variables() {
        return json.at("/templating/list").valueStream().toList();
    }
}
