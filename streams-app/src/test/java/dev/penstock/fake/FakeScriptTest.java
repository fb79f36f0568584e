package dev.penstock.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.fake.FakeScript.FaultRule;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FakeScriptTest {

    @Test
    void shouldReadAWholeScript() {
        // When
        FakeScript script = FakeScript.parse("""
                latency: {p0: 100ms, p50: 200ms, p99: 2s}
                seed: 42
                require_key: true
                faults:
                  - {rate: 0.1, status: 429, retry_after: 5s}
                  - {rate: 0.05, hang: true, key: sk-slow}
                  - {rate: 0.01, drip: 10ms}
                quotas:
                  - {key: sk-small, calls: 100, per: 1m}
                  - {key: "*", calls: 1000}
                """);

        // Then
        assertThat(script.latency().at(0)).isEqualTo(Duration.ofMillis(100));
        assertThat(script.latency().at(0.25)).isEqualTo(Duration.ofMillis(150));
        assertThat(script.latency().at(0.5)).isEqualTo(Duration.ofMillis(200));
        assertThat(script.latency().at(0.999)).isEqualTo(Duration.ofSeconds(2));
        assertThat(script.seed()).isEqualTo(42);
        assertThat(script.requireKey()).isTrue();
        assertThat(script.faults())
                .containsExactly(
                        new FaultRule(0.1, new Fault.Refuse(429, Duration.ofSeconds(5), null), null),
                        new FaultRule(0.05, new Fault.Hang(), Digests.sha256("sk-slow")),
                        new FaultRule(0.01, new Fault.Drip(Duration.ofMillis(10)), null));
        assertThat(script.quotas())
                .containsExactly(
                        new Quota(Digests.sha256("sk-small"), 100, Duration.ofMinutes(1)), new Quota(null, 1000, null));
        assertThat(script.toString()).doesNotContain("sk-small");
    }

    @Test
    void shouldReadJsonAndNothing() {
        // When / Then
        assertThat(FakeScript.parse("{\"latency\":\"5ms\"}"))
                .isEqualTo(FakeScript.PLAIN.withLatency(new Latency.Fixed(Duration.ofMillis(5))));
        assertThat(FakeScript.parse("  \n")).isEqualTo(FakeScript.PLAIN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hold: yes please                       | hold: yes please (expected: true or false)",
                "latencey: 5ms                          | script: latencey (expected: latency,",
                "latency: soon                          | latency: soon (expected: a duration",
                "latency: {fast: 5ms}                   | latency: fast (expected: a percentile",
                "faults: [{rate: 2, hang: true}]        | rate: 2 (expected: 0..1)",
                "faults: [{rate: 0.5}]                  | faults: [rate] (expected: a fault in every entry)",
                "faults: [{hang: true, cut: true}]      | fault: [hang, cut] (expected: one of",
                "faults: [{status: 200}]                | status: 200 (expected: 400..599)",
                "faults: [{hang: true, colour: red}]    | faults: [colour] (expected: no other fields)",
                "faults: [{retry_after: 5s}]            | retry_after, code: without status",
                "faults: [{garbage: soup}]              | garbage: soup (expected: one of html",
                "quotas: [{key: a}]                     | quotas.calls: missing (expected: a whole number)",
                "[1, 2]                                 | script: not a mapping",
                "'{'                                    | script: not",
            })
    void shouldNameWhatIsWrong(String text, String message) {
        // When / Then
        assertThatThrownBy(() -> FakeScript.parse(text))
                .isInstanceOf(ScriptException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void shouldRefuseRatesThatSumToMoreThanOne() {
        // Given
        FaultRule most = new FaultRule(0.8, new Fault.Hang(), null);

        // When / Then
        assertThatThrownBy(() -> new FakeScript(Latency.NONE, 1, List.of(most, most), List.of(), false, 0, false))
                .isInstanceOf(ScriptException.class)
                .hasMessageContaining("at most 1");
    }

    @Test
    void shouldRefusePercentilesThatAreNone() {
        // Given
        TreeMap<Double, Duration> table = new TreeMap<>();
        table.put(120.0, Duration.ZERO);

        // When / Then
        assertThatThrownBy(() -> new Latency.Percentiles(table)).isInstanceOf(ScriptException.class);
    }
}
