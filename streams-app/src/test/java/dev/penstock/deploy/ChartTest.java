package dev.penstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The chart, by what Helm makes of it with its own values and with all switches on. */
class ChartTest {

    private static final Path DEPLOY = Path.of("..", "deploy");
    private static final List<String> MONITORING =
            List.of("prometheus/penstock.rules.yml", "grafana/penstock-operations.json", "grafana/penstock-spend.json");
    private static final YAMLMapper YAML = new YAMLMapper();

    @TempDir
    static Path folder;

    private static HelmChart chart;
    private static RenderedChart defaults;
    private static RenderedChart full;

    @BeforeAll
    static void render() throws IOException {
        chart = HelmChart.in(folder);
        defaults = chart.render();
        full = chart.render(HelmChart.FULL);
    }

    @Test
    void shouldPassStrictLint() {
        // When
        LintResult result = HelmChart.lint();

        // Then
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
        assertThat(result.getMessages()).noneMatch(message -> message.matches("(?s).*\\[(WARNING|ERROR)].*"));
    }

    @Test
    void shouldHaveTheVersionOfTheProgram() throws IOException {
        // Given
        String version = found(
                "<artifactId>penstock</artifactId>\\s*<version>([^<]+)<", Files.readString(Path.of("..", "pom.xml")));

        // When
        JsonNode description =
                YAML.readTree(HelmChart.FOLDER.resolve("Chart.yaml").toFile());

        // Then
        assertThat(description.path("version").asString("")).isEqualTo(version);
        assertThat(description.path("appVersion").asString("")).isEqualTo(version);
        assertThat(defaults.container().path("image").asString("")).isEqualTo("penstock:" + version);
    }

    @Test
    void shouldRenderWhatIsNeededAndWhatIsAskedFor() {
        assertThat(defaults.names())
                .containsExactly(
                        "ConfigMap/penstock",
                        "NetworkPolicy/penstock",
                        "PodDisruptionBudget/penstock",
                        "Role/penstock",
                        "RoleBinding/penstock",
                        "Service/penstock",
                        "Service/penstock-headless",
                        "ServiceAccount/penstock",
                        "StatefulSet/penstock");
        Set<String> further = new TreeSet<>(full.names());
        further.removeAll(defaults.names());
        assertThat(further)
                .containsExactly(
                        "ConfigMap/penstock-operations",
                        "ConfigMap/penstock-spend",
                        "ConfigMap/penstock-topics",
                        "Job/penstock-topics",
                        "NetworkPolicy/penstock-topics",
                        "PrometheusRule/penstock",
                        "ScaledObject/penstock",
                        "ServiceMonitor/penstock");
    }

    @Test
    void shouldRenderOnlyWhatKubernetesKnows() throws IOException {
        for (RenderedChart rendered : List.of(defaults, full)) {
            for (JsonNode object : rendered.objects()) {
                assertThat(KubernetesModel.read(object)).isNotNull();
            }
        }
        assertThat(KubernetesModel.read(full.get("StatefulSet/penstock"))).isInstanceOf(StatefulSet.class);
    }

    /** Of the test above: that it would see it. */
    @Test
    void shouldSeeAFieldThatKubernetesDoesNotKnow() {
        // Given
        JsonNode object = full.get("StatefulSet/penstock").deepCopy();
        ((ObjectNode) object.at("/spec/template/spec/containers/0/livenessProbe")).put("periodSecond", 5);

        // When / Then
        assertThatThrownBy(() -> KubernetesModel.read(object))
                .isInstanceOf(UnrecognizedPropertyException.class)
                .hasMessageContaining("periodSecond");
    }

    @Test
    void shouldLeaveOutWhatIsSwitchedOff() throws IOException {
        // When
        RenderedChart bare = chart.render("""
                leave: {enabled: false}
                networkPolicy: {enabled: false}
                podDisruptionBudget: {enabled: false}
                serviceAccount: {create: false}
                security: {runAsUser: null, fsGroup: null}
                """);

        // Then
        assertThat(bare.names())
                .containsExactly(
                        "ConfigMap/penstock", "Service/penstock", "Service/penstock-headless", "StatefulSet/penstock");
        JsonNode pod = bare.pod("StatefulSet/penstock");
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(pod.path("serviceAccountName").asString("")).isEqualTo("default");
        assertThat(bare.container().has("lifecycle")).isFalse();
        assertThat(pod.path("securityContext").propertyNames())
                .containsExactlyInAnyOrder("runAsNonRoot", "seccompProfile");
    }

    @Test
    void shouldGivePodsTheTimeToDrain() {
        assertThat(grace(defaults)).isEqualTo(30 + 45);
        assertThat(grace(full)).isEqualTo(2 * 60 + 60);
    }

    @Test
    void shouldLockEveryContainer() {
        for (String name : List.of("StatefulSet/penstock", "Job/penstock-topics")) {
            JsonNode pod = full.pod(name);
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean(false)).isTrue();
            assertThat(pod.at("/securityContext/seccompProfile/type").asString(""))
                    .isEqualTo("RuntimeDefault");
        }
        assertThat(full.containers()).hasSize(2).allSatisfy(container -> {
            JsonNode context = container.path("securityContext");
            assertThat(context.path("readOnlyRootFilesystem").asBoolean(false)).isTrue();
            assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
            assertThat(context.at("/capabilities/drop").toString()).isEqualTo("[\"ALL\"]");
        });
        assertThat(full.pod("Job/penstock-topics")
                        .path("automountServiceAccountToken")
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void shouldRunAsTheImageDoes() throws IOException {
        // Given
        String pom = Files.readString(Path.of("pom.xml"));

        // When
        List<String> hook = full.container()
                .at("/lifecycle/preStop/exec/command")
                .valueStream()
                .map(part -> part.asString(""))
                .toList();

        // Then
        assertThat(hook)
                .containsSubsequence(
                        found("<arg>-cp</arg>\\s*<arg>([^<]+)<", pom),
                        found("<arg>(dev\\.penstock[^<]+)<", pom),
                        "leave",
                        "--if-scaled-in");
        assertThat(full.pod("StatefulSet/penstock")
                        .at("/securityContext/runAsUser")
                        .asString(""))
                .isEqualTo(found("<user>(\\d+):0<", pom));
        assertThat(full.variable("PENSTOCK_INSTANCE_STATE_DIR"))
                .isEqualTo(found("<PENSTOCK_INSTANCE_STATE_DIR>([^<]+)<", pom));
        assertThat(full.container().at("/volumeMounts/0/mountPath").asString(""))
                .isEqualTo(found("<volume>([^<]+)<", pom));
    }

    @Test
    void shouldLetPodsReadTheirStatefulSetAndNothingElse() {
        JsonNode rules = full.get("Role/penstock").path("rules");
        assertThat(rules.toString())
                .isEqualTo("[{\"apiGroups\":[\"apps\"],\"resources\":[\"statefulsets\"],"
                        + "\"resourceNames\":[\"penstock\"],\"verbs\":[\"get\"]}]");
        assertThat(full.get("RoleBinding/penstock").at("/subjects/0/name"))
                .isEqualTo(full.pod("StatefulSet/penstock").path("serviceAccountName"));
    }

    @Test
    void shouldSelectThePodsOfThePipelineOnly() {
        for (String selector : List.of(
                "Service/penstock:/spec/selector",
                "Service/penstock-headless:/spec/selector",
                "PodDisruptionBudget/penstock:/spec/selector/matchLabels",
                "StatefulSet/penstock:/spec/selector/matchLabels")) {
            // Given
            String[] parts = selector.split(":");

            // When
            Map<String, String> labels = labels(full.get(parts[0]).at(parts[1]));

            // Then
            assertThat(podLabels("StatefulSet/penstock")).as(selector).containsAllEntriesOf(labels);
            assertThat(podLabels("Job/penstock-topics").entrySet().containsAll(labels.entrySet()))
                    .as(selector)
                    .isFalse();
        }
    }

    @Test
    void shouldScrapeEachPodOnce() {
        // Given
        Map<String, String> wanted = labels(full.get("ServiceMonitor/penstock").at("/spec/selector/matchLabels"));

        // When
        List<String> services = full.names().stream()
                .filter(name -> name.startsWith("Service/"))
                .filter(name ->
                        labels(full.get(name).at("/metadata/labels")).entrySet().containsAll(wanted.entrySet()))
                .toList();

        // Then
        assertThat(services).containsExactly("Service/penstock-headless");
        assertThat(full.get("ServiceMonitor/penstock")
                        .at("/spec/endpoints/0/relabelings/0/replacement")
                        .asString(""))
                .as("the job of the rules")
                .isEqualTo("penstock");
    }

    @Test
    void shouldAskThePortOfTheProbesAndLetNobodyElseReachIt() {
        for (RenderedChart rendered : List.of(defaults, full)) {
            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                assertThat(rendered.container().path(probe).at("/httpGet/port").asString(""))
                        .isEqualTo("probes");
            }
            assertThat(rendered.container().at("/ports").toString()).contains("\"name\":\"probes\"");
            assertThat(rendered.get("NetworkPolicy/penstock")
                            .at("/spec/ingress")
                            .valueStream())
                    .allSatisfy(rule -> assertThat(rule.path("ports").toString())
                            .isEqualTo("[{\"protocol\":\"TCP\",\"port\":\"console\"}]"));
            for (String service : List.of("Service/penstock", "Service/penstock-headless")) {
                assertThat(rendered.get(service).at("/spec/ports").toString()).doesNotContain("probes");
            }
        }
    }

    @Test
    void shouldLetPodsReachWhatTheConfigurationNames() {
        assertThat(egressPorts(defaults)).containsExactly(Set.of(53), Set.of(9092), Set.of(443), Set.of(443, 6443));
        assertThat(egressPorts(full))
                .containsExactly(Set.of(53), Set.of(9093, 9094, 9095), Set.of(443, 8000), Set.of(6443), Set.of(4318));
    }

    @Test
    void shouldMakeTopicsBeforeEverythingElse() {
        for (String name : List.of("ConfigMap/penstock-topics", "Job/penstock-topics")) {
            assertThat(full.get(name)
                            .path("metadata")
                            .path("annotations")
                            .path(HelmChart.SHOWN_HOOK)
                            .asString(""))
                    .isEqualTo("pre-install,pre-upgrade");
        }
        assertThat(full.get("ConfigMap/penstock-topics").path("data"))
                .isEqualTo(full.get("ConfigMap/penstock").path("data"));
        assertThat(full.containers()
                        .skip(1)
                        .findFirst()
                        .orElseThrow()
                        .path("args")
                        .toString())
                .isEqualTo("[\"topics\",\"create\"]");
    }

    /** The policy of the release before may not have the ports of the brokers that are to be used from now on. */
    @Test
    void shouldLetTheTopicsJobOutBeforeTheReleaseIsThere() {
        // Given
        JsonNode policy = full.get("NetworkPolicy/penstock-topics");

        // Then
        assertThat(policy.at("/metadata/annotations").path(HelmChart.SHOWN_HOOK).asString(""))
                .isEqualTo("pre-install,pre-upgrade");
        assertThat(podLabels("Job/penstock-topics"))
                .containsAllEntriesOf(labels(policy.at("/spec/podSelector/matchLabels")));
        assertThat(policy.at("/spec/egress"))
                .isEqualTo(JsonMapper.shared()
                        .valueToTree(full.get("NetworkPolicy/penstock")
                                .at("/spec/egress")
                                .valueStream()
                                .limit(2)
                                .toList()));
    }

    /** A field that goes is set to its default by the API, which is 1. */
    @Test
    void shouldKeepTheNumberThatRunsWhenAutoscalingIsSwitchedOn(@TempDir Path other) throws IOException {
        // Given
        HelmChart running = HelmChart.in(other, "dict \"spec\" (dict \"replicas\" 5)");

        // When
        RenderedChart rendered = running.render(HelmChart.FULL);

        // Then
        assertThat(rendered.get("StatefulSet/penstock").at("/spec/replicas").asInt())
                .isEqualTo(5);
    }

    @Test
    void shouldTakeTheBrokersInBothSpellings() throws IOException {
        for (String servers : List.of("bootstrap.servers: other:9093", "bootstrap: {servers: \"other:9093\"}")) {
            // When
            RenderedChart rendered = chart.render("config: {kafka: {" + servers + "}}");

            // Then
            assertThat(rendered.get("ConfigMap/penstock")
                            .at("/data/penstock.yaml")
                            .asString(""))
                    .contains("other:9093")
                    .doesNotContain("kafka:9092");
            assertThat(egressPorts(rendered).get(1)).containsExactly(9093);
        }
    }

    @Test
    void shouldScaleByLagAndAgeWithinThePartitions() throws IOException {
        // Given
        String listed = Files.readString(Path.of("..", "docs", "metrics.md"));

        // When
        ScaledObject scaled = (ScaledObject) KubernetesModel.read(full.get("ScaledObject/penstock"));

        // Then
        assertThat(scaled.spec().triggers())
                .extracting(ScaledObject.Trigger::name)
                .containsExactly("lag", "queued", "parked");
        assertThat(scaled.spec().triggers())
                .filteredOn(trigger -> "false".equals(trigger.metadata().ignoreNullValues()))
                .extracting(ScaledObject.Trigger::name)
                .as("no value is not no load")
                .containsExactly("lag");
        for (ScaledObject.Trigger trigger : scaled.spec().triggers()) {
            Matcher metric = Pattern.compile("penstock_[a-z_]+")
                    .matcher(trigger.metadata().query());
            assertThat(metric.results().map(hit -> hit.group().replaceFirst("_bucket$", "")))
                    .isNotEmpty()
                    .allMatch(listed::contains);
        }
        assertThat(full.get("StatefulSet/penstock").path("spec").has("replicas"))
                .isFalse();
    }

    /** {@code -Dpenstock.update=true} copies them anew. */
    @Test
    void shouldHaveTheRulesAndDashboardsOfDeploy() throws IOException {
        for (String name : MONITORING) {
            Path original = DEPLOY.resolve(name);
            Path copy = HelmChart.FOLDER
                    .resolve("files")
                    .resolve(Objects.requireNonNull(original.getFileName()).toString());
            if (Boolean.getBoolean("penstock.update")) {
                Files.write(copy, Files.readAllBytes(original));
            }
            assertThat(copy).hasSameBinaryContentAs(original);
        }
    }

    @Test
    void shouldLeaveThemAsTheyAre() throws IOException {
        assertThat(full.get("PrometheusRule/penstock").path("spec"))
                .isEqualTo(YAML.readTree(DEPLOY.resolve(MONITORING.getFirst()).toFile()));
        for (Dashboard dashboard : Dashboard.all()) {
            String name = dashboard.file().replace("penstock-", "").replace(".json", "");
            assertThat(JsonMapper.shared()
                            .readTree(full.get("ConfigMap/penstock-" + name)
                                    .path("data")
                                    .path(dashboard.file())
                                    .asString("")))
                    .isEqualTo(dashboard.json());
        }
    }

    @Test
    void shouldTellTheNextCommands() {
        assertThat(chart.notes())
                .contains("2 instances for 24 partitions, against kafka:9092")
                .contains("topics create")
                .contains("kubectl -n llm rollout status statefulset/penstock")
                .contains("kubectl -n llm port-forward service/penstock 8080")
                .contains("--replicas=3");
    }

    private static int grace(RenderedChart rendered) {
        return rendered.pod("StatefulSet/penstock")
                .path("terminationGracePeriodSeconds")
                .asInt();
    }

    private static List<Set<Integer>> egressPorts(RenderedChart rendered) {
        return rendered.get("NetworkPolicy/penstock")
                .at("/spec/egress")
                .valueStream()
                .map(rule -> rule.path("ports")
                        .valueStream()
                        .map(port -> port.path("port").asInt())
                        .collect(Collectors.toSet()))
                .toList();
    }

    private static Map<String, String> podLabels(String name) {
        return labels(full.get(name).at("/spec/template/metadata/labels"));
    }

    private static Map<String, String> labels(JsonNode labels) {
        return labels.propertyStream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, label -> label.getValue().asString("")));
    }

    private static String found(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }
}
