package dev.penstock.trimming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.RequestLines;
import dev.penstock.config.PenstockConfig;
import dev.penstock.schemas.Trim;
import dev.penstock.work.PromptFitting.Fit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** A character is a token here. */
class TrimmerTest {

    private final Trimmer trimmer = new Trimmer(target -> Counters.CODE_POINTS);
    private final ObjectNode body = RequestLines.body("{\"model\":\"m\",\"messages\":["
            + "{\"role\":\"user\",\"content\":\"first\"},{\"role\":\"assistant\",\"content\":\"second\"},"
            + "{\"role\":\"user\",\"content\":\"third\"}]}");

    @Test
    void shouldNotCountWhatNobodyAskedToBeShortened() {
        // Given
        List<String> counted = new ArrayList<>();
        Trimmer counting = new Trimmer(target -> text -> {
            counted.add(text);
            return text.length();
        });

        // When
        Fit fit = counting.fit("t", body, null, 0, 4096);

        // Then
        assertThat(fit).isEqualTo(new Fit.Sendable(body, 0));
        assertThat(counted).isEmpty();
    }

    @Test
    void shouldShortenToWhatTheRequestAsks() {
        // When
        Fit.Sendable fit = (Fit.Sendable) trimmer.fit("t", body, new Trim(20), 0, 4096);

        // Then
        assertThat(fit.body().path("messages")).hasSize(1);
        assertThat(fit.trimmedTokens()).isPositive();
        assertThat(body.path("messages")).hasSize(3);
    }

    @Test
    void shouldLeaveRoomForTheAnswerInTheContext() {
        // When
        Fit.Sendable whole = (Fit.Sendable) trimmer.fit("t", body, null, 1_000, 100);
        Fit.Sendable cut = (Fit.Sendable) trimmer.fit("t", body, null, 1_000, 980);

        // Then
        assertThat(whole.trimmedTokens()).isZero();
        assertThat(cut.body().path("messages")).hasSize(1);
    }

    @Test
    void shouldNameTheLimitThatCannotBeKept() {
        // When
        Fit fit = trimmer.fit("t", body, new Trim(5), 0, 4096);

        // Then
        assertThat(fit)
                .isInstanceOfSatisfying(
                        Fit.CannotFit.class,
                        cannot -> assertThat(cannot.detail())
                                .startsWith("trim.max_input_tokens: 5 (expected: at least "));
    }

    @Test
    void shouldShortenOnceMoreWhatAProviderRefused() {
        // When
        Fit.Sendable less = (Fit.Sendable) trimmer.shorter("t", body);

        // Then
        assertThat(less.trimmedTokens()).isPositive();
        assertThat(less.body().path("messages").size()).isLessThan(3);
    }

    @Test
    void shouldCountAsTheTargetsModelDoesWhereThatIsKnown() {
        // Given
        PenstockConfig config = PenstockConfig.of(
                "budgets.tokenizer=o200k_base",
                "targets.gpt.model=gpt-4o",
                "targets.claude.kind=anthropic",
                "targets.claude.model=claude",
                "targets.local.tokenizer=utf8_bytes",
                "tiers.simple.chain=gpt",
                "tiers.medium.chain=claude",
                "tiers.complex.chain=local");
        Trimmer byTarget = Trimmer.of(config.targets());
        ObjectNode prose = RequestLines.body("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\""
                + "The quick brown fox jumps over the lazy dog. ".repeat(20)
                + "\"},{\"role\":\"assistant\",\"content\":\"yes\"},{\"role\":\"user\",\"content\":\"why\"}]}");

        // When / Then
        assertThat(trimmed(byTarget, "gpt", prose)).isZero();
        assertThat(trimmed(byTarget, "claude", prose)).as("estimated").isPositive();
        assertThat(trimmed(byTarget, "local", prose)).as("estimated").isPositive();
    }

    private static long trimmed(Trimmer trimmer, String target, ObjectNode body) {
        return ((Fit.Sendable) trimmer.fit(target, body, new Trim(250), 0, 10)).trimmedTokens();
    }
}
