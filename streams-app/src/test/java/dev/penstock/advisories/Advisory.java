package dev.penstock.advisories;

import java.util.List;
import org.apache.maven.artifact.versioning.DefaultArtifactVersion;
import org.apache.maven.artifact.versioning.VersionRange;

/**
 * What somebody published about some versions of a jar.
 *
 * @param id CVE, or GHSA where there is none
 * @param name of the jar, {@code pkg:maven/GROUP/ARTIFACT}
 * @param affected as Maven compares versions
 * @param fixed the first version of each line without it; empty if there is none yet
 * @param about in some words
 * @param source where it is published
 */
record Advisory(String id, String name, VersionRange affected, List<String> fixed, String about, String source) {

    boolean affects(Jar jar) {
        return jar.name().equals(name) && affects(jar.version());
    }

    boolean affects(String version) {
        return affected.containsVersion(new DefaultArtifactVersion(version));
    }
}
