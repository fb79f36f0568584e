package dev.penstock.deploy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** KEDA's resource of that name, v1alpha1, as far as charts use it: Fabric8 has no class for it. What is not here is no field, or needs a line. */
record ScaledObject(String apiVersion, String kind, Metadata metadata, Spec spec) {

    record Metadata(String name, String namespace, Map<String, String> labels) {}

    record Spec(
            Target scaleTargetRef,
            int pollingInterval,
            int minReplicaCount,
            int maxReplicaCount,
            Advanced advanced,
            List<Trigger> triggers) {}

    record Target(String apiVersion, String kind, String name) {}

    record Advanced(AutoscalerConfig horizontalPodAutoscalerConfig) {}

    record AutoscalerConfig(Behavior behavior) {}

    record Behavior(Rules scaleDown) {}

    record Rules(int stabilizationWindowSeconds, List<Policy> policies) {}

    record Policy(String type, int value, int periodSeconds) {}

    record Trigger(
            String type,
            String name,
            String metricType,
            PrometheusQuery metadata,
            @Nullable Reference authenticationRef) {}

    /** Numbers are texts in there. */
    record PrometheusQuery(
            String serverAddress,
            String query,
            String threshold,
            @Nullable String ignoreNullValues,
            @Nullable String authModes) {}

    record Reference(String name) {}
}
