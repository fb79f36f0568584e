package dev.penstock.trimming;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Groups messages into what stays or goes together. Before the last user turn a group is a turn: what the user said and
 * everything up to where the user speaks again. After it, a group is one message of the assistant with its tool results. A
 * tool result is always in the group of its call, wherever the two stand.
 */
final class Turns {

    /** Why a message stays whatever the budget. */
    enum Keep {
        SYSTEM,
        LAST_TURN,
        /** It may go. */
        NO
    }

    /**
     * Messages that stay or go together.
     *
     * @param indexes where they stand, ascending
     */
    record Group(List<Integer> indexes, Keep keep) {}

    private final List<JsonNode> messages;
    private final Keep[] keep;
    /** For each message one before it in its group, or itself. */
    private final int[] parent;

    private Turns(List<JsonNode> messages) {
        this.messages = messages;
        this.keep = new Keep[messages.size()];
        this.parent = new int[messages.size()];
    }

    /** The groups, in the order of their first messages. */
    static List<Group> of(List<JsonNode> messages) {
        Turns turns = new Turns(messages);
        turns.mark();
        turns.groupByTurn();
        turns.groupByToolCall();
        return turns.groups();
    }

    private void mark() {
        for (int i = 0; i < keep.length; i++) {
            keep[i] = isSystem(i) ? Keep.SYSTEM : Keep.NO;
            parent[i] = i;
        }
        int last = lastWithRole("user");
        if (last < 0) {
            // Nobody asks: the newest message takes the place of the question.
            markLast(lastThatMayGo());
            return;
        }
        for (int i = last; i >= 0 && (isUser(i) || isSystem(i)); i--) {
            markLast(i);
        }
    }

    private void markLast(int index) {
        if (index >= 0 && keep[index] == Keep.NO) {
            keep[index] = Keep.LAST_TURN;
        }
    }

    private void groupByTurn() {
        int first = -1;
        boolean speaks = false;
        boolean after = lastWithRole("user") < 0;
        for (int i = 0; i < keep.length; i++) {
            if (keep[i] == Keep.SYSTEM) {
                continue;
            }
            if (keep[i] == Keep.LAST_TURN && isUser(i)) {
                after = true;
                first = -1;
                continue;
            }
            boolean opens = after ? !isToolResult(i) : isUser(i) && !speaks;
            if (opens || first < 0) {
                first = i;
            }
            join(first, i);
            speaks = isUser(i);
        }
    }

    private void groupByToolCall() {
        Map<String, Integer> callers = new HashMap<>();
        for (int i = 0; i < keep.length; i++) {
            JsonNode message = messages.get(i);
            if (role(i).equals("assistant")) {
                for (JsonNode call : message.path("tool_calls")) {
                    callers.put(call.path("id").asString(""), i);
                }
            }
            Integer caller =
                    isToolResult(i) ? callers.get(message.path("tool_call_id").asString("")) : null;
            if (caller != null) {
                join(caller, i);
            }
        }
    }

    private List<Group> groups() {
        Map<Integer, List<Integer>> members = new LinkedHashMap<>();
        for (int i = 0; i < keep.length; i++) {
            members.computeIfAbsent(root(i), first -> new ArrayList<>()).add(i);
        }
        return members.values().stream()
                .map(indexes -> new Group(indexes, keepOf(indexes)))
                .toList();
    }

    private Keep keepOf(List<Integer> indexes) {
        return indexes.stream()
                .map(index -> keep[index])
                .filter(kept -> kept != Keep.NO)
                .findFirst()
                .orElse(Keep.NO);
    }

    private void join(int one, int other) {
        int first = Math.min(root(one), root(other));
        int second = Math.max(root(one), root(other));
        parent[second] = first;
    }

    private int root(int index) {
        int root = index;
        while (parent[root] != root) {
            parent[root] = parent[parent[root]];
            root = parent[root];
        }
        return root;
    }

    private int lastWithRole(String role) {
        int last = keep.length - 1;
        while (last >= 0 && !role(last).equals(role)) {
            last--;
        }
        return last;
    }

    private int lastThatMayGo() {
        int last = keep.length - 1;
        while (last >= 0 && keep[last] != Keep.NO) {
            last--;
        }
        return last;
    }

    private boolean isSystem(int index) {
        return role(index).equals("system") || role(index).equals("developer");
    }

    private boolean isUser(int index) {
        return role(index).equals("user");
    }

    private boolean isToolResult(int index) {
        return role(index).equals("tool") || role(index).equals("function");
    }

    private String role(int index) {
        return messages.get(index).path("role").asString("");
    }
}
