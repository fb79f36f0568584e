package dev.penstock.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** One tenant's requests with every field at its extreme, each of its own kind, over and over. */
final class HostileTenant {

    static final String NAME = "mallory";

    private static final int LONG_TEXT = 450_000;

    /** Members of the line, and of the body, with what is asked. */
    private record Kind(String members, String body, String prompt) {}

    private final List<Kind> kinds = new ArrayList<>();

    HostileTenant() {
        members("\"attempt_timeout_ms\":1,\"timeout_ms\":5000,");
        members("\"attempt_timeout_ms\":3600000,\"timeout_ms\":604800000,");
        members("\"timeout_ms\":1,");
        members("\"timeout_ms\":150,");
        members("\"deadline\":\"1970-01-01T00:00:00Z\",");
        members("\"priority\":\"interactive\",\"in_doubt\":\"fail\",");
        members("\"cache\":{\"ttl_ms\":31622400000},");
        members("\"cache\":\"refresh\",\"priority\":\"bulk\",");
        members("\"batch\":\"allow\",");
        members("\"trim\":{\"max_input_tokens\":1},");
        members("\"metadata\":{\"m\":\"" + "m".repeat(10_000) + "\"},");
        body("\"max_completion_tokens\":1000000000000000000,");
        body("\"max_completion_tokens\":1e999999999,\"n\":1e999999999,");
        body("\"x\":" + "[".repeat(100) + "]".repeat(100) + ",");
        body("\"x\":[" + "1e999999999,".repeat(1_000) + "1],");
        prompt("[[fake status=401]]");
        prompt("[[fake status=402]]");
        prompt("[[fake status=403]]");
        prompt("[[fake status=404]]");
        prompt("[[fake status=413]]");
        prompt("[[fake huge=1100000]]");
        add("\"attempt_timeout_ms\":1,\"timeout_ms\":5000,", "", "[[fake hang]]");
        add("\"attempt_timeout_ms\":3600000,\"timeout_ms\":20000,", "", "[[fake hang]]");
        add("\"attempt_timeout_ms\":1,\"timeout_ms\":5000,", "", "[[fake drip=1s]]");
        prompt(letters());
        prompt(" ".repeat(LONG_TEXT));
    }

    private void members(String members) {
        add(members, "", "");
    }

    private void body(String members) {
        add("", members, "");
    }

    private void prompt(String prompt) {
        add("\"timeout_ms\":20000,", "", prompt);
    }

    private void add(String members, String body, String prompt) {
        kinds.add(new Kind(members, body, prompt));
    }

    private static String letters() {
        StringBuilder letters = new StringBuilder();
        new Random(1).ints(LONG_TEXT, 'a', 'z' + 1).forEach(letters::appendCodePoint);
        return letters.toString();
    }

    /** One of each kind, and one that is no request at all. */
    int kinds() {
        return kinds.size() + 1;
    }

    /** So many requests, from a number on; each names a model, a task's key and an id that no other one names. */
    List<Workload.Line> lines(int from, int count) {
        return IntStream.range(from, from + count).mapToObj(this::line).toList();
    }

    private Workload.Line line(int number) {
        String id = NAME + "-" + number;
        int kind = number % kinds();
        return new Workload.Line(NAME, id, kind == kinds.size() ? "{\"" : json(kinds.get(kind), id));
    }

    private static String json(Kind kind, String id) {
        return """
                {"custom_id":"%s","tenant":"%s","idempotency_key":"%s",%s"body":{"model":"%s",%s\
                "messages":[{"role":"user","content":"%s %s"}]}}""".formatted(id, NAME, id + "k".repeat(200), kind.members(), "m-" + id, kind.body(), id, kind.prompt());
    }
}
