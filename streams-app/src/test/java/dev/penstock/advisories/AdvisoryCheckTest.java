package dev.penstock.advisories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdvisoryCheckTest {

    private static final LocalDate TODAY = LocalDate.parse("2026-11-29");
    private static final String ADVISORY = """
            - id: CVE-2026-54399
              purl: pkg:maven/org.example/parser
              affected: "[5.0-alpha1,5.4.3),[6.0,6.0.2]"
              fixed: ["5.4.3", "6.0.3"]
              about: a head without end is read into memory
              source: https://example.com/CVE-2026-54399
            """;
    private static final String ACCEPTANCE = """
            - id: CVE-2026-54399
              purl: pkg:maven/org.example/parser@5.4.2
              why: our own limit of a head is lower
              until: 2027-03-01
            """;
    private static final Jar VULNERABLE = new Jar("pkg:maven/org.example/parser", "5.4.2", "runtime");

    @Test
    void shouldNameJarAdvisoryAndFixAndHowToAccept() {
        // When
        List<String> problems = problems(list(ADVISORY, ""), VULNERABLE);

        // Then
        assertThat(problems).containsExactly("""
                pkg:maven/org.example/parser@5.4.2 (runtime): CVE-2026-54399, a head without end is read into memory; \
                fixed in 5.4.3, 6.0.3; https://example.com/CVE-2026-54399
                  take a fixed version, or accept it in .ci/advisories.yaml:
                  - id: CVE-2026-54399
                    purl: pkg:maven/org.example/parser@5.4.2
                    why: why it does not reach us
                    until: YYYY-MM-DD""");
    }

    /** Pairs that a comparison of texts or of numbers alone gets wrong. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1.0,1.10)            | 1.9             | true",
                "[1.0,1.10)            | 1.10            | false",
                "[1.0,1.10)            | 1.10-rc1        | true",
                "[1.2.0,1.5.7-14)      | 1.5.7-2         | true",
                "[1.2.0,1.5.7-14)      | 1.5.7-18        | false",
                "[0,1.1.10.4)          | 1.1.10.3        | true",
                "[0,1.1.10.4)          | 1.1.10.7        | false",
                "[5.0-alpha1,5.4.3)    | 5.0-beta2       | true",
                "[5.4,5.6.3]           | 5.6.3           | true",
                "[5.4,5.6.3]           | 5.6.4           | false",
                "[2.0,2.4),[3.0,3.1.6) | 2.4.1           | false",
                "[2.0,2.4),[3.0,3.1.6) | 3.1.5           | true",
                "[0,32.0.0-jre)        | 33.6.0-jre      | false",
                "[9.4,)                | 12.1.14         | true",
                "(,4.1.2)              | 4.1.2           | false",
                "(,4.1.2)              | 4.1.2-SNAPSHOT  | true",
            })
    void shouldCompareVersionsAsMavenDoes(String affected, String version, boolean expected) {
        // Given
        String advisory =
                ADVISORY.replace("[5.0-alpha1,5.4.3),[6.0,6.0.2]", affected).replace("[\"5.4.3\", \"6.0.3\"]", "[]");

        // When
        List<String> problems =
                problems(list(advisory, ""), new Jar("pkg:maven/org.example/parser", version, "compile"));

        // Then
        assertThat(problems).hasSize(expected ? 1 : 0);
    }

    @Test
    void shouldLeaveAloneWhatIsFixedOrAnotherJarOrAccepted() {
        assertThat(problems(list(ADVISORY, ""), new Jar("pkg:maven/org.example/parser", "5.4.3", "compile")))
                .isEmpty();
        assertThat(problems(list(ADVISORY, ""), new Jar("pkg:maven/org.example/parser-h2", "5.4.2", "compile")))
                .isEmpty();
        assertThat(problems(list(ADVISORY, ACCEPTANCE), VULNERABLE)).isEmpty();
    }

    @Test
    void shouldHoldAnAcceptanceToItsVersion() {
        // When
        List<String> problems =
                problems(list(ADVISORY, ACCEPTANCE), new Jar("pkg:maven/org.example/parser", "5.4.1", "compile"));

        // Then
        assertThat(problems).hasSize(2);
        assertThat(problems.getLast())
                .isEqualTo("accepted: CVE-2026-54399 of pkg:maven/org.example/parser@5.4.2 matches no jar and advisory"
                        + " (expected: removed)");
    }

    @Test
    void shouldRefuseAnAcceptanceOfNothing() {
        assertThat(problems(list("", ACCEPTANCE), VULNERABLE))
                .hasSize(1)
                .first()
                .asString()
                .contains("expected: removed");
        assertThat(problems(list(ADVISORY, ACCEPTANCE))).hasSize(1);
    }

    @Test
    void shouldRefuseAnAcceptanceAfterItsLastDay() {
        // Given
        AdvisoryList lastDay = list(ADVISORY, ACCEPTANCE.replace("2027-03-01", TODAY.toString()));
        AdvisoryList dayBefore = list(
                ADVISORY, ACCEPTANCE.replace("2027-03-01", TODAY.minusDays(1).toString()));

        // When / Then
        assertThat(problems(lastDay, VULNERABLE)).isEmpty();
        assertThat(problems(dayBefore, VULNERABLE))
                .containsExactly("accepted: CVE-2026-54399 of pkg:maven/org.example/parser@5.4.2 expired on 2026-11-28"
                        + " (expected: a version without it, or why it may stay until another day)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "why: our own limit of a head is lower      | why:                         | accepted[0].why",
                "why: our own limit of a head is lower      | why: no                      | accepted[0].why",
                "why: our own limit of a head is lower      | cause: our own limit of heads | accepted[0].",
                "until: 2027-03-01                          | until: never                 | accepted[0].until",
                "until: 2027-03-01                          | until: 2028-03-01            | within a year",
                "parser@5.4.2                               | parser                       | accepted[0].purl",
                "affected: \"[5.0-alpha1,5.4.3),[6.0,6.0.2]\" | affected: 5.4.2            | advisories[0].affected",
                "affected: \"[5.0-alpha1,5.4.3),[6.0,6.0.2]\" | affected: \"[5.4,5.3)\"    | advisories[0].affected",
                "affected: \"[5.0-alpha1,5.4.3),[6.0,6.0.2]\" | affected: \"[5,5.5)\"      | advisories[0].fixed",
                "fixed: [\"5.4.3\", \"6.0.3\"]              | fixed: 5.4.3                 | advisories[0].fixed",
                "source: https://example.com/CVE-2026-54399 | source: a mail               | advisories[0].source",
                "source: https://example.com/CVE-2026-54399 | sauce: https://example.com   | advisories[0].",
                "- id: CVE-2026-54399\\n  purl: pkg:maven/org.example/parser\\n | - id: 7\\n  purl: pkg:maven/org.example/parser\\n | advisories[0].id",
                "checked: 2026-11-29                        | checked: lately              | checked",
                "accepted:                                  | more: []\\naccepted:     | more",
            })
    void shouldNotTakeAListThatIsNone(String right, String wrong, String place) {
        // Given
        String yaml = yaml(ADVISORY, ACCEPTANCE).replace(right.replace("\\n", "\n"), wrong.replace("\\n", "\n"));

        // When / Then
        assertThat(yaml).isNotEqualTo(yaml(ADVISORY, ACCEPTANCE));
        assertThatThrownBy(() -> AdvisoryList.read(yaml))
                .isInstanceOf(MalformedListException.class)
                .hasMessageContaining(place)
                .hasMessageContaining("expected");
    }

    @Test
    void shouldTakeNothingTwice() {
        assertThatThrownBy(() -> list(ADVISORY + ADVISORY, ""))
                .isInstanceOf(MalformedListException.class)
                .hasMessageContaining("twice");
        assertThatThrownBy(() -> list(ADVISORY, ACCEPTANCE + ACCEPTANCE))
                .isInstanceOf(MalformedListException.class)
                .hasMessageContaining("twice");
        assertThatThrownBy(() -> AdvisoryList.read("{")).isInstanceOf(MalformedListException.class);
    }

    @Test
    void shouldReadTheJarsThatMavenLists() {
        // When
        List<Jar> jars = Jar.read(List.of(
                "",
                "The following files have been resolved:",
                "   at.yawk.lz4:lz4-java:jar:1.11.2:runtime -- module org.lz4.java [auto]",
                "   org.rocksdb:rocksdbjni:jar:linux64:10.1.3:compile\u001b[36m -- module rocksdbjni\u001b[0;1m [auto]\u001b[m",
                "   org.example:x:jar:1:provided (optional)"));

        // Then
        assertThat(jars)
                .containsExactly(
                        new Jar("pkg:maven/at.yawk.lz4/lz4-java", "1.11.2", "runtime"),
                        new Jar("pkg:maven/org.rocksdb/rocksdbjni", "10.1.3", "compile"),
                        new Jar("pkg:maven/org.example/x", "1", "provided"));
        assertThatThrownBy(() -> Jar.read(List.of("   none")))
                .isInstanceOf(MalformedListException.class)
                .hasMessageContaining("none");
    }

    private static List<String> problems(AdvisoryList list, Jar... jars) {
        return new AdvisoryCheck(list, List.of(jars), TODAY).problems();
    }

    private static AdvisoryList list(String advisories, String accepted) {
        return AdvisoryList.read(yaml(advisories, accepted));
    }

    private static String yaml(String advisories, String accepted) {
        return "checked: 2026-11-29\nadvisories:" + items(advisories) + "accepted:" + items(accepted);
    }

    private static String items(String items) {
        return items.isEmpty() ? " []\n" : "\n" + items;
    }
}
