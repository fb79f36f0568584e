package dev.penstock.faults;

import dev.penstock.cli.Main;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An instance of the program as its users would start it: {@code penstock run}.
 *
 * @param settings over the configuration's defaults
 */
record AppSpec(String instance, int consolePort, Map<String, String> settings, Map<String, String> environment) {

    static final String API_KEY = "PENSTOCK_PROVIDER_API_KEY";

    /** The provider key of an instance: each has its own, so that the provider's log tells whose call it was. */
    static String keyOf(String instance) {
        return "sk-of-" + instance;
    }

    /** An instance against that broker and provider, with limits that suit tests. */
    static AppSpec of(String instance, String prefix, String bootstrap, String providerUrl, Path state) {
        int console = Ports.free();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("application_id", prefix + "app");
        settings.put("instance.id", instance);
        settings.put("instance.state_dir", state.resolve(instance).toString());
        settings.put("kafka.bootstrap.servers", bootstrap);
        settings.put("topics.prefix", prefix);
        settings.put("topics.partitions", Integer.toString(RigTopics.PARTITIONS));
        settings.put("topics.replication", "1");
        settings.put("topics.min_insync_replicas", "1");
        settings.put("provider.base_url", providerUrl);
        settings.put("provider.timeout", "10s");
        settings.put("dispatch.start_within", "2s");
        settings.put("dispatch.lease_skew", "1s");
        settings.put("streams.threads", "2");
        settings.put("streams.session_timeout", "10s");
        settings.put("console.port", Integer.toString(console));
        settings.put("console.probes_port", "0");
        return new AppSpec(instance, console, settings, Map.of(API_KEY, keyOf(instance)));
    }

    /** The same for a provider that holds calls: none of its attempts may time out before they are let go. */
    AppSpec patient() {
        return with("provider.timeout", "60s");
    }

    /** The same with one setting more. */
    AppSpec with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        more.put(name, value);
        return new AppSpec(instance, consolePort, more, environment);
    }

    /** The same with those variables in its environment. */
    AppSpec withEnvironment(Map<String, String> variables) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.putAll(variables);
        return new AppSpec(instance, consolePort, settings, more);
    }

    ChildSpec child() {
        List<String> arguments = new ArrayList<>(List.of("run"));
        settings.forEach((name, value) -> arguments.addAll(List.of("--set", name + "=" + value)));
        return new ChildSpec(instance, Main.class, "384m", arguments, environment);
    }
}
