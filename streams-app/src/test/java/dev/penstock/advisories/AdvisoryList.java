package dev.penstock.advisories;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.apache.maven.artifact.versioning.InvalidVersionSpecificationException;
import org.apache.maven.artifact.versioning.VersionRange;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The advisories that are known, and those that are accepted.
 *
 * @param checked the day of the last look at what was published
 */
record AdvisoryList(LocalDate checked, List<Advisory> advisories, List<Acceptance> accepted) {

    /** Where it is kept. */
    static final String FILE = ".ci/advisories.yaml";

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Pattern ID = Pattern.compile("CVE-[0-9]{4}-[0-9]{4,}|GHSA(-[0-9a-z]{4}){3}");
    private static final Pattern NAME = Pattern.compile("pkg:maven/[A-Za-z0-9._-]+/[A-Za-z0-9._-]+");
    private static final Pattern PURL = Pattern.compile(NAME + "@[A-Za-z0-9._-]+");
    private static final Pattern RANGES =
            Pattern.compile("[\\[(][^\\[\\]()]*,[^\\[\\]()]*[])](,[\\[(][^\\[\\]()]*,[^\\[\\]()]*[])])*");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern SOURCE = Pattern.compile("https://\\S+");
    private static final Pattern WORDS = Pattern.compile("\\S.{14,}", Pattern.DOTALL);
    private static final String MAVENS = "ranges as Maven has them, such as [2.0,2.4),[3.0,3.1]";
    private static final int LONGEST_YEARS = 1;

    /**
     * Reads the list.
     *
     * @throws MalformedListException if it is not one
     */
    static AdvisoryList read(String yaml) {
        JsonNode root;
        try {
            root = YAML.readTree(yaml);
        } catch (JacksonException noYaml) {
            throw new MalformedListException(FILE + ": " + noYaml.getOriginalMessage());
        }
        keys(root, "", "checked", "advisories", "accepted");
        LocalDate checked = date(root, "", "checked");
        AdvisoryList list = new AdvisoryList(
                checked,
                each(root, "advisories", AdvisoryList::advisory),
                each(root, "accepted", AdvisoryList::acceptance));
        list.verify();
        return list;
    }

    private void verify() {
        Set<String> seen = new HashSet<>();
        for (Advisory advisory : advisories) {
            if (!seen.add(advisory.id() + " " + advisory.name())) {
                throw new MalformedListException("advisories: " + advisory.id() + " of " + advisory.name() + " twice");
            }
        }
        for (Acceptance acceptance : accepted) {
            if (!seen.add(acceptance.id() + " " + acceptance.purl())) {
                throw new MalformedListException(
                        "accepted: " + acceptance.id() + " of " + acceptance.purl() + " twice");
            }
            if (acceptance.until().isAfter(checked.plusYears(LONGEST_YEARS))) {
                throw new MalformedListException("accepted: " + acceptance.id() + ": until " + acceptance.until()
                        + " (expected: within a year of " + checked + ")");
            }
        }
    }

    private static Advisory advisory(JsonNode node, String place) {
        keys(node, place, "id", "purl", "affected", "fixed", "about", "source");
        String affected = text(node, place, "affected", RANGES, MAVENS);
        VersionRange range;
        try {
            range = VersionRange.createFromVersionSpec(affected);
        } catch (InvalidVersionSpecificationException wrong) {
            throw new MalformedListException(place + "affected: " + affected + " (expected: " + MAVENS + ")");
        }
        Advisory advisory = new Advisory(
                text(node, place, "id", ID, "CVE-... or GHSA-..."),
                text(node, place, "purl", NAME, "pkg:maven/GROUP/ARTIFACT, without a version"),
                range,
                fixed(node, place),
                text(node, place, "about", WORDS, "some words"),
                text(node, place, "source", SOURCE, "https://..."));
        advisory.fixed().stream().filter(advisory::affects).findFirst().ifPresent(version -> {
            throw new MalformedListException(place + "fixed: " + version + " (expected: outside of " + affected + ")");
        });
        return advisory;
    }

    private static Acceptance acceptance(JsonNode node, String place) {
        keys(node, place, "id", "purl", "why", "until");
        return new Acceptance(
                text(node, place, "id", ID, "CVE-... or GHSA-..."),
                text(node, place, "purl", PURL, "pkg:maven/GROUP/ARTIFACT@VERSION"),
                text(node, place, "why", WORDS, "a reason"),
                date(node, place, "until"));
    }

    private static List<String> fixed(JsonNode node, String place) {
        JsonNode versions = node.path("fixed");
        List<String> fixed = new ArrayList<>();
        for (JsonNode version : versions) {
            fixed.add(version.asString(""));
        }
        if (!versions.isArray()
                || !fixed.stream().allMatch(version -> VERSION.matcher(version).matches())) {
            throw new MalformedListException(
                    place + "fixed: " + versions + " (expected: a list of versions in quotes)");
        }
        return fixed;
    }

    private static <T> List<T> each(JsonNode root, String name, BiFunction<JsonNode, String, T> read) {
        JsonNode nodes = root.path(name);
        if (!nodes.isArray()) {
            throw new MalformedListException(name + ": (expected: a list)");
        }
        List<T> all = new ArrayList<>();
        for (JsonNode node : nodes) {
            all.add(read.apply(node, name + "[" + all.size() + "]."));
        }
        return List.copyOf(all);
    }

    private static void keys(JsonNode node, String place, String... expected) {
        Set<String> names = new TreeSet<>(node.propertyNames());
        if (!names.equals(new TreeSet<>(List.of(expected)))) {
            throw new MalformedListException(
                    FILE + ": " + place + " has " + names + " (expected: " + String.join(", ", expected) + ")");
        }
    }

    private static LocalDate date(JsonNode node, String place, String name) {
        try {
            return LocalDate.parse(node.path(name).asString(""));
        } catch (DateTimeException wrong) {
            throw new MalformedListException(place + name + ": " + node.path(name) + " (expected: a day, YYYY-MM-DD)");
        }
    }

    private static String text(JsonNode node, String place, String name, Pattern form, String expected) {
        JsonNode value = node.path(name);
        if (!value.isString() || !form.matcher(value.asString()).matches()) {
            throw new MalformedListException(place + name + ": " + value + " (expected: " + expected + ")");
        }
        return value.asString();
    }
}
