package dev.penstock.pipeline;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.penstock.work.FollowerKeys;
import dev.penstock.work.Followers;
import dev.penstock.work.StateCodec;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the stores hold: which kinds of key each has, and which type reads the values of each kind. */
final class StoredTypes {

    /** Store, first byte of the key, and the class that its value is read as. Kinds that are not here have no object as a value. */
    private static final Map<String, Map<String, String>> READ_AS = Map.of(
            "idempotency",
                    Map.of(
                            "K", "idempotency.KeyEntry",
                            "V", "idempotency.StoredVerdict",
                            "B", JsonNode.class.getName(),
                            "Q", "idempotency.FanOutEntry",
                            "F", "idempotency.FollowerEntry"),
            "cache",
                    Map.of(
                            "E", "cache.CacheEntry",
                            "A", "work.Verdict",
                            "T", "cache.CacheTotals",
                            "L", "cache.FlightEntry",
                            "V", "work.Verdict",
                            "H", "cache.Release",
                            "F", "cache.WaitingEntry"),
            "calls", Map.of("E", "dispatch.CallEntry", "B", "dispatch.CallBody"),
            "batching", Map.of("M", "batching.Member", "C", "batching.SharedCall", "P", "batching.Payers"),
            "budget",
                    Map.of(
                            "P", "budget.PolicyEntry",
                            "L", "budget.Ledger",
                            "M", "budget.ModelTotals",
                            "R", "budget.Reservation",
                            "C", "budget.Charge",
                            "U", "budget.Unpublished"));

    /** The classes whose constants are the kinds of key of a store. */
    private static final Map<String, List<String>> KINDS = Map.of(
            "idempotency", List.of("idempotency.Keyspace", FollowerKeys.class.getName()),
            "cache", List.of("cache.CacheKeyspace", FollowerKeys.class.getName()),
            "calls", List.of("dispatch.CallStore"),
            "batching", List.of("batching.BatchStore"),
            "budget", List.of("budget.LedgerKeys"));

    private StoredTypes() {}

    static Set<String> stores() {
        return READ_AS.keySet();
    }

    /** The kinds of key that a store knows. */
    static Set<String> kinds(String store) throws ReflectiveOperationException {
        Set<String> kinds = new TreeSet<>();
        for (String name : KINDS.getOrDefault(store, List.of())) {
            for (Field field : named(name).getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers())) {
                    field.setAccessible(true);
                    Object value = field.get(null);
                    if (value instanceof Byte kind) {
                        kinds.add(Character.toString(kind));
                    } else if (value instanceof Bytes key) {
                        kinds.add(kindOf(key));
                    }
                }
            }
        }
        return kinds;
    }

    static String kindOf(Bytes key) {
        return Character.toString(key.get()[0]);
    }

    /** What reads that entry; null where its value is no object. */
    static @Nullable Object read(String store, Bytes key, byte[] value) throws ClassNotFoundException {
        Map<String, String> types = READ_AS.getOrDefault(store, Map.of());
        String name = types.get(kindOf(key));
        return name == null ? null : StateCodec.read(value, named(name));
    }

    /** Every class that state is read as anywhere, and all that these consist of. */
    static Set<Class<?>> all() {
        Set<Class<?>> all = new HashSet<>();
        for (JavaClass reader : new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.penstock")) {
            boolean reads = reader.getCodeUnitCallsFromSelf().stream()
                    .map(call -> call.getTargetOwner().getFullName() + "." + call.getName())
                    .anyMatch(target -> target.equals(StateCodec.class.getName() + ".read")
                            || target.equals(Followers.class.getName() + ".<init>"));
            if (reads) {
                reader.getReferencedClassObjects()
                        .forEach(object -> add(object.getValue().reflect(), all));
            }
        }
        return all;
    }

    private static void add(Type type, Set<Class<?>> all) {
        if (type instanceof ParameterizedType generic) {
            for (Type argument : generic.getActualTypeArguments()) {
                add(argument, all);
            }
        } else if (type instanceof Class<?> raw && raw.getName().startsWith("dev.penstock.")) {
            if (raw.isSealed()) {
                for (Class<?> permitted : raw.getPermittedSubclasses()) {
                    add(permitted, all);
                }
            } else if (raw.isRecord() && all.add(raw)) {
                for (RecordComponent component : raw.getRecordComponents()) {
                    add(component.getGenericType(), all);
                }
            }
        }
    }

    /** The classes of ours that a value consists of. */
    static void seenIn(@Nullable Object value, Set<Class<?>> seen) throws ReflectiveOperationException {
        if (value instanceof Collection<?> many) {
            for (Object each : many) {
                seenIn(each, seen);
            }
        } else if (value instanceof Map<?, ?> map) {
            seenIn(new ArrayList<>(new HashMap<>(map).values()), seen);
        } else if (value != null
                && value.getClass().isRecord()
                && value.getClass().getName().startsWith("dev.penstock.")) {
            seen.add(value.getClass());
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                component.getAccessor().setAccessible(true);
                seenIn(component.getAccessor().invoke(value), seen);
            }
        }
    }

    private static Class<?> named(String name) throws ClassNotFoundException {
        return Class.forName(
                name.startsWith("dev.") || name.equals(JsonNode.class.getName()) ? name : "dev.penstock." + name);
    }
}
