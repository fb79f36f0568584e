package dev.penstock.deploy;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The objects that a chart was rendered to. */
record RenderedChart(List<JsonNode> objects) {

    private static final YAMLMapper YAML = new YAMLMapper();

    static RenderedChart of(String manifest) {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(manifest)) {
            return new RenderedChart(
                    documents.readAll().stream().filter(JsonNode::isObject).toList());
        }
    }

    /** Kind and name of each. */
    Set<String> names() {
        return objects.stream().map(RenderedChart::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** @param name kind and name: {@code Service/penstock} */
    JsonNode get(String name) {
        return objects.stream()
                .filter(object -> name(object).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + names()));
    }

    /** The pod of a StatefulSet or Job. */
    JsonNode pod(String name) {
        return get(name).at("/spec/template/spec");
    }

    /** Of the pipeline's pods. */
    JsonNode container() {
        return pod("StatefulSet/penstock").at("/containers/0");
    }

    /** The containers of all pods. */
    Stream<JsonNode> containers() {
        return objects.stream()
                .flatMap(object -> object.at("/spec/template/spec/containers").valueStream());
    }

    /** The text of a variable of the pipeline; empty if a Secret or the pod's own fields have it. */
    String variable(String name) {
        return variables()
                .filter(variable -> variable.path("name").asString("").equals(name))
                .map(variable -> variable.path("value").asString(""))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name));
    }

    Stream<JsonNode> variables() {
        return container().path("env").valueStream();
    }

    private static String name(JsonNode object) {
        return object.path("kind").asString("") + "/"
                + object.at("/metadata/name").asString("");
    }
}
