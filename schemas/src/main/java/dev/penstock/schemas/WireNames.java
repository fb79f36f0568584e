package dev.penstock.schemas;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The closed set of names that a field may hold, and what each stands for. */
final class WireNames<E extends WireName> {

    private final Map<String, E> byName;

    private WireNames(Map<String, E> byName) {
        this.byName = byName;
    }

    @SafeVarargs
    static <E extends WireName> WireNames<E> of(E... constants) {
        Map<String, E> byName = LinkedHashMap.newLinkedHashMap(constants.length);
        for (E constant : constants) {
            byName.put(constant.wireName(), constant);
        }
        return new WireNames<>(byName);
    }

    static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    Optional<E> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    Collection<String> names() {
        return byName.keySet();
    }

    /** The rule as an error text prints it: {@code simple|medium|complex}. */
    String rule() {
        return String.join("|", byName.keySet());
    }
}
