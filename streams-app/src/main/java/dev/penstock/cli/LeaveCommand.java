package dev.penstock.cli;

import dev.penstock.config.InstanceConfig;
import dev.penstock.membership.KubernetesApi;
import dev.penstock.membership.LeaveMarker;
import dev.penstock.membership.PodName;
import dev.penstock.membership.ScaleIn;
import dev.penstock.membership.ScaleInPolicy;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code leave}: what an instance is told before it is stopped for good. */
@Command(
        name = "leave",
        description = {
            "Tells the instance of this machine or container that its next stop (SIGTERM) is for good: it drains,",
            "then leaves the group, and the others take its partitions at once instead of after",
            "streams.session_timeout. Stops nothing itself; a start takes it back."
        },
        mixinStandardHelpOptions = true)
final class LeaveCommand implements Callable<Integer> {

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--if-scaled-in",
            description = {
                "For a preStop hook in Kubernetes: only if the StatefulSet is not to have this pod any more. Asks",
                "the API; needs POD_NAME, POD_NAMESPACE and the right to get that StatefulSet. Exit code 0 and no",
                "effect whenever that is in doubt, so that the pod drains whatever happens here."
            })
    private boolean ifScaledIn;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        if (ifScaledIn) {
            System.out.println("leave: " + afterQuestion(System.getenv()));
        } else {
            System.out.println("leave: " + marked());
        }
        return 0;
    }

    private String afterQuestion(Map<String, String> environment) throws InterruptedException {
        ScaleIn found = question(environment);
        try {
            return switch (found) {
                case ScaleIn.Leaves leaves -> leaves.why() + "; " + marked();
                case ScaleIn.Stays stays -> "not asked for: " + stays.why();
            };
        } catch (CommandFailure cannot) {
            return "not possible: " + String.valueOf(cannot.getMessage()).replace('\n', ' ');
        }
    }

    private static ScaleIn question(Map<String, String> environment) throws InterruptedException {
        Optional<PodName> pod = PodName.read(environment.getOrDefault("POD_NAME", ""));
        if (pod.isEmpty()) {
            return new ScaleIn.Stays("POD_NAME (expected: the name of a StatefulSet's pod)");
        }
        Optional<KubernetesApi> api = KubernetesApi.ofCluster(environment);
        if (api.isEmpty()) {
            return new ScaleIn.Stays("KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT (expected: as in a pod)");
        }
        String namespace = environment.getOrDefault("POD_NAMESPACE", "");
        return ScaleInPolicy.decide(
                pod.get(), api.get().statefulSet(namespace, pod.get().statefulSet()));
    }

    private String marked() throws CommandFailure {
        InstanceConfig instance = options.forClient(List.of()).instance();
        try {
            LeaveMarker.of(instance).set();
        } catch (IOException unwritable) {
            throw CommandFailure.failed("instance.state_dir: " + instance.directory()
                    + " cannot be written (expected: the directory of an instance that runs here, and its user)");
        }
        return instance.id() + " leaves its group when it is stopped";
    }
}
