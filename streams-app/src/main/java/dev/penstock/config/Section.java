package dev.penstock.config;

import java.util.List;
import java.util.Optional;

/**
 * Keys of the form {@code targets.NAME.FIELD}, where the user chooses the name. A name may hold dots; of the fields that a key may
 * end with, the longest one is meant.
 *
 * @param name the first part of the keys
 * @param settings one for each field, with {@value #NAME} where the name will stand
 */
record Section(String name, List<Setting<?>> settings) {

    /** Stands for the name in the keys of {@code settings}. */
    static final String NAME = "NAME";

    /** What a key of this section is made of; the field is empty where only the name is given. */
    record Parts(String name, String field) {}

    String prefix() {
        return name + ".";
    }

    /** Empty for keys of other sections and for those without a name. */
    Optional<Parts> split(String key) {
        if (!key.startsWith(prefix())) {
            return Optional.empty();
        }
        String rest = key.substring(prefix().length());
        int dot = settings.stream()
                .map(this::path)
                .filter(path -> rest.endsWith("." + path))
                .mapToInt(path -> rest.length() - path.length() - 1)
                .min()
                .orElse(rest.lastIndexOf('.'));
        Parts parts = dot < 0 ? new Parts(rest, "") : new Parts(rest.substring(0, dot), rest.substring(dot + 1));
        return parts.name().isEmpty() ? Optional.empty() : Optional.of(parts);
    }

    /** What follows the name. */
    private String path(Setting<?> setting) {
        return setting.key().substring((prefix() + NAME + ".").length());
    }

    /** The fields of that name's keys, in order. */
    List<String> keysOf(String target) {
        return settings.stream().map(setting -> setting.of(target).key()).toList();
    }

    /** The last part of a setting's key. */
    static String field(Setting<?> setting) {
        return setting.key().substring(setting.key().lastIndexOf('.') + 1);
    }
}
