package dev.penstock.advisories;

import java.time.LocalDate;

/**
 * A decision to live with an advisory for some time.
 *
 * @param id of the advisory
 * @param purl of the jar, {@code pkg:maven/GROUP/ARTIFACT@VERSION}
 * @param why it does not reach us
 * @param until the last day
 */
record Acceptance(String id, String purl, String why, LocalDate until) {

    boolean covers(Advisory advisory, Jar jar) {
        return id.equals(advisory.id()) && purl.equals(jar.purl());
    }
}
