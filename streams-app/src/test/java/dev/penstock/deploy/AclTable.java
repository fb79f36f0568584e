package dev.penstock.deploy;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The table of rights in docs/operations.md: principal, resource, operations; an empty principal is the one above. */
final class AclTable {

    private static final Pattern NAME = Pattern.compile("`([^`]+)`( \\(P\\))?");
    private static final String OWN_GROUP = "its own group";

    private AclTable() {}

    static Set<Grant> grants(String page) {
        Set<Grant> grants = new LinkedHashSet<>();
        String who = "";
        for (String line : rows(page)) {
            String[] cells = line.substring(1).split("\\|", -1);
            String principal = cells[0].strip();
            who = principal.isEmpty() ? who : principal.replaceFirst(":.*", "");
            for (String operation : cells[2].replaceFirst(":.*", "").split(",")) {
                add(grants, who, cells[1].strip(), operation.strip());
            }
        }
        return grants;
    }

    private static List<String> rows(String page) {
        return page.substring(page.indexOf("## ACLs"))
                .lines()
                .dropWhile(line -> !line.startsWith("|---"))
                .skip(1)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }

    private static void add(Set<Grant> grants, String who, String resource, String operation) {
        if (resource.equals(OWN_GROUP)) {
            grants.add(new Grant(who, "group", "penstock-consumer-", true, operation));
            return;
        }
        for (MatchResult name : NAME.matcher(resource).results().toList()) {
            grants.add(new Grant(who, type(resource), name.group(1), name.group(2) != null, operation));
        }
    }

    private static String type(String resource) {
        String kind = resource.substring(0, resource.indexOf(' '));
        return switch (kind) {
            case "topic", "topics" -> "topic";
            case "group" -> "group";
            case "transactional" -> "transactionalId";
            default -> throw new IllegalArgumentException(resource + " (expected: topic, group or transactional id)");
        };
    }
}
