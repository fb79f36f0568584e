package dev.penstock.config;

import dev.penstock.schemas.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a request that asks for {@code auto} and names no task is, if all conditions hold. The first rule that matches decides.
 *
 * @param name stands in the result's {@code tier_reason}
 * @param task what the request then is
 * @param when conditions by the name of what they look at: {@code characters}, {@code code}; one at least
 */
public record ClassifierRuleConfig(String name, Task task, Map<String, Bounds> when) {

    static final Setting<Task> TASK = new Setting<>(
            "classifier.NAME.task",
            ValueType.choice(Task.class),
            "",
            "What a request without a task is if all conditions of the rule hold. Must be set.");
    static final Setting<Bounds> CHARACTERS = count("characters", "Length of all messages' texts.");
    static final Setting<Bounds> MESSAGES = count("messages", "How many messages there are.");
    static final Setting<Bounds> TOOLS = count("tools", "How many tools and functions the model may call.");
    static final Setting<Bounds> OUTPUT_CAP =
            count("output_cap", "Output cap in tokens; 0 where the request has none.");
    static final Setting<Boolean> CODE = mark("code", "Whether any message holds code.");
    static final Setting<Boolean> DEMANDING =
            mark("demanding", "Whether the last user message asks for reasoning: why, explain, prove, compare.");
    static final Setting<Boolean> PLAIN =
            mark("plain", "Whether it asks for a fact or a plain operation: who, when, translate, classify.");

    private static final List<Setting<Bounds>> COUNTS = List.of(CHARACTERS, MESSAGES, TOOLS, OUTPUT_CAP);
    private static final List<Setting<Boolean>> MARKS = List.of(CODE, DEMANDING, PLAIN);

    static final Section SECTION =
            new Section("classifier", List.of(TASK, CHARACTERS, MESSAGES, TOOLS, OUTPUT_CAP, CODE, DEMANDING, PLAIN));

    public ClassifierRuleConfig {
        when = Map.copyOf(when);
    }

    private static Setting<Bounds> count(String field, String meaning) {
        return new Setting<>("classifier.NAME." + field, Bounds.TYPE, "", meaning);
    }

    private static Setting<Boolean> mark(String field, String meaning) {
        return new Setting<>("classifier.NAME." + field, ValueType.flag(), "", meaning);
    }

    /** The rules in the order in which they are named; none where the built-in ones hold. */
    static List<ClassifierRuleConfig> read(Values values) {
        return values.names().of(SECTION).stream()
                .map(name -> read(values, name))
                .toList();
    }

    private static ClassifierRuleConfig read(Values values, String name) {
        Map<String, Bounds> when = new LinkedHashMap<>();
        COUNTS.forEach(
                count -> values.find(count.of(name)).ifPresent(bounds -> when.put(Section.field(count), bounds)));
        MARKS.forEach(mark -> values.find(mark.of(name))
                .ifPresent(holds -> when.put(Section.field(mark), holds ? new Bounds(1, 1) : new Bounds(0, 0))));
        Setting<Task> task = TASK.of(name);
        if (!values.isGiven(task)) {
            values.missing(SECTION, task, TASK.type().expected());
        }
        return new ClassifierRuleConfig(name, values.find(task).orElse(Task.MEDIUM), when);
    }
}
