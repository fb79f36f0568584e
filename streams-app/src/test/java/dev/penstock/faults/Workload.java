package dev.penstock.faults;

import dev.penstock.guarantees.Message;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Makes request lines, each of which asks something that no other asks and that names its tenant. Each names its model and
 * its output cap, so that its body reaches the provider unchanged.
 *
 * @param name keeps the lines of two workloads apart
 */
record Workload(String name, int tenants) {

    /** A request on its way: what it says and whose it is. */
    record Line(String tenant, String customId, String json) {
        /** As a record, keyed by the tenant. */
        Message message() {
            return new Message(tenant, json, Map.of());
        }
    }

    /** As many lines, of random tenants. */
    List<Line> lines(int count, Seed seed) {
        RandomGenerator random = seed.random();
        return IntStream.range(0, count)
                .mapToObj(number -> line(number, random.nextInt(tenants)))
                .toList();
    }

    private Line line(int number, int tenant) {
        String owner = name + "-tenant-" + tenant;
        return line(owner, name + "-" + number, "");
    }

    /** A line of that tenant, with members added, such as {@code "in_doubt":"fail",}. */
    static Line line(String tenant, String customId, String members) {
        String json = """
                {"custom_id":"%s","tenant":"%s",%s"url":"/v1/chat/completions","body":{"model":"gpt-4o-mini",\
                "max_completion_tokens":256,"messages":[{"role":"user","content":"%s"}]}}""".formatted(customId, tenant, members, prompt(tenant, customId));
        return new Line(tenant, customId, json);
    }

    static String prompt(String tenant, String customId) {
        return "What does " + tenant + " want to know about " + customId + "?";
    }
}
