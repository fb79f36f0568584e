package dev.penstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** deploy/helm/penstock in Helm's hands, as release {@code penstock} in namespace {@code llm}. */
final class HelmChart {

    static final Path FOLDER = Path.of("..", "deploy", "helm", "penstock");
    static final Path FULL = FOLDER.resolve("examples").resolve("full.yaml");

    /** Stands for helm.sh/hook, whose objects Helm renders and does not show. */
    static final String SHOWN_HOOK = "shown/hook";

    private static final String LOOKUP =
            "lookup \"apps/v1\" \"StatefulSet\" .Release.Namespace (include \"penstock.fullname\" .)";
    private static final String KUBERNETES = "1.31.0";

    private final Path copy;

    private HelmChart(Path copy) {
        this.copy = copy;
    }

    /** @param folder where a copy of the chart is made whose hooks are shown; it finds no StatefulSet in the cluster */
    static HelmChart in(Path folder) throws IOException {
        return in(folder, "dict");
    }

    /**
     * Rendering asks no cluster, so what the chart would look up there is put in its place.
     *
     * @param live the StatefulSet that runs, as a template has it
     */
    static HelmChart in(Path folder, String live) throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = folder.resolve(FOLDER.relativize(file).toString());
                Files.createDirectories(Objects.requireNonNull(target.getParent()));
                Files.writeString(
                        target,
                        Files.readString(file)
                                .replace("helm.sh/hook:", SHOWN_HOOK + ":")
                                .replace(LOOKUP, live));
            }
        }
        return new HelmChart(folder);
    }

    static LintResult lint() {
        return new Helm(FOLDER).lint().strict().call();
    }

    /** With the chart's own values, and those of files over them. */
    RenderedChart render(Path... values) {
        TemplateCommand template = new Helm(copy)
                .template()
                .withName("penstock")
                .withNamespace("llm")
                .withKubeVersion(KUBERNETES);
        List.of(values).forEach(template::withValuesFile);
        return RenderedChart.of(template.call());
    }

    RenderedChart render(String values) throws IOException {
        return render(file(values));
    }

    /** What Helm says when it does not render these. */
    String refusal(String values) throws IOException {
        Path file = file(values);
        Throwable refused = catchThrowable(() -> render(file));
        assertThat(refused).as(values).isNotNull();
        return String.valueOf(refused.getMessage());
    }

    /** What Helm prints after an installation. */
    String notes() {
        String said = new Helm(copy)
                .install()
                .clientOnly()
                .dryRun()
                .withDryRunOption(DryRun.CLIENT)
                .withKubeVersion(KUBERNETES)
                .withName("penstock")
                .withNamespace("llm")
                .call()
                .getOutput();
        return said.substring(said.indexOf("NOTES:"));
    }

    private Path file(String values) throws IOException {
        return Files.writeString(Files.createTempFile(copy, "values", ".yaml"), values);
    }
}
