package dev.penstock.advisories;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Holds the jars against the list. */
final class AdvisoryCheck {

    private final AdvisoryList list;
    private final List<Jar> jars;
    private final LocalDate today;

    AdvisoryCheck(AdvisoryList list, List<Jar> jars, LocalDate today) {
        this.list = list;
        this.jars = jars;
        this.today = today;
    }

    /** One text for each thing that somebody has to decide, none if all is well. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (Jar jar : jars) {
            for (Advisory advisory : list.advisories()) {
                if (advisory.affects(jar) && !isAccepted(advisory, jar)) {
                    problems.add(vulnerable(advisory, jar));
                }
            }
        }
        for (Acceptance acceptance : list.accepted()) {
            String name = "accepted: " + acceptance.id() + " of " + acceptance.purl();
            if (!matches(acceptance)) {
                problems.add(name + " matches no jar and advisory (expected: removed)");
            } else if (acceptance.until().isBefore(today)) {
                problems.add(name + " expired on " + acceptance.until()
                        + " (expected: a version without it, or why it may stay until another day)");
            }
        }
        return problems;
    }

    private boolean isAccepted(Advisory advisory, Jar jar) {
        return list.accepted().stream().anyMatch(acceptance -> acceptance.covers(advisory, jar));
    }

    private boolean matches(Acceptance acceptance) {
        return jars.stream()
                .anyMatch(jar -> list.advisories().stream()
                        .anyMatch(advisory -> advisory.affects(jar) && acceptance.covers(advisory, jar)));
    }

    private static String vulnerable(Advisory advisory, Jar jar) {
        String fixed = advisory.fixed().isEmpty() ? "no version yet" : String.join(", ", advisory.fixed());
        return jar.purl() + " (" + jar.scope() + "): " + advisory.id() + ", " + advisory.about() + "; fixed in " + fixed
                + "; " + advisory.source() + "\n  take a fixed version, or accept it in " + AdvisoryList.FILE
                + ":\n  - id: " + advisory.id() + "\n    purl: " + jar.purl()
                + "\n    why: why it does not reach us\n    until: YYYY-MM-DD";
    }
}
