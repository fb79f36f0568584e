package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Isolated("it takes what this JVM prints")
class MainTest {

    @ParameterizedTest
    @EnumSource(CommandName.class)
    void shouldTeachEveryCommand(CommandName name) {
        // When
        CapturedRun help = CapturedRun.of(name.word(), "--help");

        // Then
        assertThat(RootHelp.TEXT).contains("  " + name.word() + " ");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).startsWith("Usage: penstock " + name.word());
        assertThat(help.err()).isEmpty();
    }

    @Test
    void shouldRefuseWrongUsageInOneLine() {
        assertThat(CapturedRun.of("nope"))
                .isEqualTo(new CapturedRun(
                        2, "", "penstock: nope: unknown command (expected: one of those in penstock --help)\n"));
        assertThat(CapturedRun.of("send").err())
                .isEqualTo("penstock send: Missing required parameter: 'FILE' (see penstock send --help)\n");
        assertThat(CapturedRun.of("topics").exitCode()).isEqualTo(2);
        assertThat(CapturedRun.of("run", "--bogus=\u001b[31m").err())
                .startsWith("penstock run: Unknown option: '--bogus=...'")
                .hasLineCount(1);
        assertThat(CapturedRun.of("results", "-o", "xml").exitCode()).isEqualTo(2);
        assertThat(CapturedRun.of("dev", "--kafka-port", "65536"))
                .isEqualTo(new CapturedRun(2, "", "--kafka-port: 65536 (expected: 0..65535)\n"));
        assertThat(CapturedRun.of("fake-provider", "--port", "-1"))
                .isEqualTo(new CapturedRun(2, "", "--port: -1 (expected: 0..65535)\n"));
    }

    @Test
    void shouldNameEveryMistakeOfTheConfiguration() {
        // When
        CapturedRun check = CapturedRun.of("config", "check", "--set", "a=b", "--set", "dispatch.permits=x");

        // Then
        assertThat(check)
                .isEqualTo(
                        new CapturedRun(
                                2,
                                "",
                                "--set: a: unknown key (expected: one of those that penstock config show lists)\n--set: dispatch.permits: x (expected: a whole number, 1..100000)\n"));
    }

    @Test
    void shouldShowWhereEachValueComesFrom() {
        // When
        CapturedRun show = CapturedRun.of(
                "config", "show", "--set", "console.port=1", "--set", "kafka.sasl.jaas.config={env: PATH}");

        // Then
        assertThat(show.exitCode()).isZero();
        assertThat(show.out())
                .contains("console.port: 1  # --set\n")
                .contains("dispatch.permits: 1000  # default\n")
                .contains("kafka.sasl.jaas.config: {env: PATH}  # --set\n")
                .doesNotContain(System.getenv("PATH"));
    }

    @Test
    void shouldAnswerForItsVersionAndForNothing() {
        assertThat(CapturedRun.of("--version").out()).startsWith("penstock ");
        assertThat(CapturedRun.of().exitCode()).isEqualTo(2);
        assertThat(CapturedRun.of("--help")).isEqualTo(new CapturedRun(0, RootHelp.TEXT, ""));
    }
}
