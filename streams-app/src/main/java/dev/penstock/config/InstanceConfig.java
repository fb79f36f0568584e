package dev.penstock.config;

import java.nio.file.Path;
import java.util.List;

/**
 * Who this process is.
 *
 * @param id stays the same over restarts and differs between instances: static group membership and call ownership hang on it
 * @param stateDir local state, worth keeping over restarts; each instance has a directory of its id in it
 */
public record InstanceConfig(String id, Path stateDir) {

    /** Where this instance alone keeps its state. */
    public Path directory() {
        return stateDir.resolve(id);
    }

    static final Setting<String> ID = new Setting<>(
            "instance.id",
            ValueType.text("1 to 64 of letters, digits, '.', '_' and '-'", "[A-Za-z0-9._-]{1,64}"),
            HostName.local(),
            "Name of this instance; the same over restarts, different between instances. Default: the host name.");
    static final Setting<Path> STATE_DIR = new Setting<>(
            "instance.state_dir",
            ValueType.path(),
            ".penstock/state",
            "Directory of the local state stores. Each instance has one of its own in it, named by its id.");

    static final List<Setting<?>> SETTINGS = List.of(ID, STATE_DIR);

    static InstanceConfig from(Values values) {
        return new InstanceConfig(values.get(ID), values.get(STATE_DIR));
    }
}
