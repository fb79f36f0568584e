package dev.penstock.cache;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Random bodies, other spellings of them, and bodies that differ in one place. */
final class Bodies {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Random random;

    Bodies(long seed) {
        this.random = new Random(seed);
    }

    ObjectNode body() {
        ObjectNode body = NODES.objectNode().put("model", text());
        ArrayNode messages = body.putArray("messages");
        for (int i = random.nextInt(4); i >= 0; i--) {
            messages.addObject()
                    .put("role", random.nextBoolean() ? "user" : "assistant")
                    .put("content", text());
        }
        body.put("temperature", random.nextInt(20) / 10.0);
        body.put("seed", random.nextLong());
        body.set("tools", value(3));
        body.set("x_" + text(), value(3));
        return body;
    }

    private JsonNode value(int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> NODES.numberNode(random.nextInt(1_000));
            case 1 -> NODES.stringNode(text());
            case 2 -> NODES.booleanNode(random.nextBoolean());
            case 3 -> NODES.nullNode();
            case 4 -> {
                ArrayNode array = NODES.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(depth - 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = NODES.objectNode();
                object.put("user", text());
                for (int i = random.nextInt(3); i > 0; i--) {
                    object.set(text(), value(depth - 1));
                }
                yield object;
            }
        };
    }

    private String text() {
        return random.ints(1 + random.nextInt(12), 0x20, 0x24F)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** The same meaning: members in another order, numbers in another notation. */
    JsonNode respelled(JsonNode node) {
        if (node.isObject()) {
            List<Map.Entry<String, JsonNode>> members = new ArrayList<>(node.properties());
            Collections.shuffle(members, random);
            ObjectNode object = NODES.objectNode();
            members.forEach(member -> object.set(member.getKey(), respelled(member.getValue())));
            return object;
        }
        if (node.isArray()) {
            ArrayNode array = NODES.arrayNode();
            node.forEach(element -> array.add(respelled(element)));
            return array;
        }
        return node.isNumber() ? respelledNumber(node.decimalValue()) : node.deepCopy();
    }

    private JsonNode respelledNumber(BigDecimal number) {
        return NODES.numberNode(number.setScale(number.scale() + 1 + random.nextInt(3)));
    }

    /** A deep copy that differs in one place below the ignored fields, and the path of that place. */
    ObjectNode changed(ObjectNode body) {
        ObjectNode copy = body.deepCopy();
        List<Runnable> changes = new ArrayList<>();
        collect(copy, changes);
        changes.get(random.nextInt(changes.size())).run();
        return copy;
    }

    private void collect(JsonNode node, List<Runnable> changes) {
        if (node instanceof ObjectNode object) {
            changes.add(() -> object.put("a new member " + random.nextLong(), 0));
            for (String name : List.copyOf(object.propertyNames())) {
                JsonNode value = object.path(name);
                changes.add(() -> object.remove(name));
                changes.add(() -> object.set(name, other(value)));
                changes.add(() -> {
                    object.remove(name);
                    object.set(name + "'", value);
                });
                collect(value, changes);
            }
        } else if (node instanceof ArrayNode array) {
            changes.add(() -> array.addNull());
            for (int i = 0; i < array.size(); i++) {
                int index = i;
                changes.add(() -> array.remove(index));
                changes.add(() -> array.set(index, other(array.path(index))));
                collect(array.path(i), changes);
            }
        }
    }

    private JsonNode other(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> NODES.stringNode(otherText(value.stringValue()));
            case NUMBER ->
                random.nextBoolean()
                        ? NODES.numberNode(value.decimalValue().add(new BigDecimal("1e-9")))
                        : NODES.stringNode(value.toString());
            case BOOLEAN -> NODES.booleanNode(!value.booleanValue());
            case NULL -> NODES.booleanNode(false);
            case ARRAY -> NODES.objectNode();
            case OBJECT -> NODES.arrayNode();
            case BINARY, MISSING, POJO -> throw new AssertionError(value.getNodeType());
        };
    }

    private String otherText(String text) {
        int at = random.nextInt(text.length());
        return text.substring(0, at) + (char) (text.charAt(at) + 1) + text.substring(at + 1);
    }
}
