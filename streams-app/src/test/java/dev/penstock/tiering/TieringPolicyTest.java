package dev.penstock.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.RequestLines;
import dev.penstock.config.PenstockConfig;
import dev.penstock.config.ProviderConfig.UnlistedModels;
import dev.penstock.schemas.CodecLimits;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Request;
import dev.penstock.schemas.RequestCodec;
import dev.penstock.work.Route;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TieringPolicyTest {

    private static final PenstockConfig CONFIG = PenstockConfig.of();

    private final TieringPolicy policy = new TieringPolicy(
            CONFIG.targets(),
            CONFIG.tiers(),
            new TaskClassifier(TaskClassifier.DEFAULT_RULES, TaskClassifier.DEFAULT_TASK));

    @Test
    void shouldClassifyARequestThatLeavesItOpenAndSayWhy() {
        // When
        Route route = route("auto", "Who wrote Faust?", "");

        // Then
        assertThat(route.tier()).isEqualTo("simple");
        assertThat(route.reason()).startsWith("rule plain_question: ");
    }

    @Test
    void shouldSayThatNoRuleMatched() {
        // When
        Route route = route("auto", "Good morning", "");

        // Then
        assertThat(route.tier()).isEqualTo("medium");
        assertThat(route.reason()).isEqualTo("no rule matched");
    }

    @Test
    void shouldFollowTheTaskThatARequestNames() {
        // When
        Route route = route("auto", "Who wrote Faust?", ",\"task\":\"complex\"");

        // Then
        assertThat(route.tier()).isEqualTo("complex");
        assertThat(route.reason()).isNull();
    }

    @Test
    void shouldNotClassifyARequestThatNamesAModelOrATier() {
        assertThat(route("m-1", "Who wrote Faust?", "").reason()).isNull();
        assertThat(route("tier:complex", "Who wrote Faust?", "").reason()).isNull();
    }

    @Test
    void shouldRefuseAModelThatNoTargetHasWhereThatIsConfigured() {
        // Given
        PenstockConfig config = PenstockConfig.of("provider.model=m-1");
        TieringPolicy strict = new TieringPolicy(
                config.targets(),
                config.tiers(),
                new TaskClassifier(TaskClassifier.DEFAULT_RULES, TaskClassifier.DEFAULT_TASK),
                UnlistedModels.REFUSE);

        // When
        TieringDecision listed = strict.decide(RequestLines.request("{\"model\":\"m-1\",\"messages\":[]}"));
        TieringDecision other = strict.decide(RequestLines.request("{\"model\":\"m-2\",\"messages\":[]}"));

        // Then
        assertThat(listed).isInstanceOf(TieringDecision.Routed.class);
        assertThat(other)
                .isEqualTo(new TieringDecision.Refused(
                        DeadLetterCode.TIERING_NO_TARGET,
                        "body.model: a model that no target has (expected: one of targets.NAME.model)"));
    }

    @Test
    void shouldPassAModelOnThatATargetMayServeAndRefuseOneThatNoneDoes() {
        // Given
        String[] tiers = {"tiers.simple.chain=a", "tiers.medium.chain=a", "tiers.complex.chain=a"};

        // When
        UnlistedModels single = unlistedModels(new String[0]);
        UnlistedModels oneSilent = unlistedModels(tiers, "targets.a.model=m-1", "targets.b.rpm_limit=5");
        UnlistedModels allNamed = unlistedModels(tiers, "targets.a.model=m-1", "targets.b.model=m-2");
        UnlistedModels asTold = unlistedModels(tiers, "targets.a.model=m-1", "provider.unlisted_models=pass");

        // Then
        assertThat(single).isEqualTo(UnlistedModels.PASS);
        assertThat(oneSilent).isEqualTo(UnlistedModels.PASS);
        assertThat(allNamed).isEqualTo(UnlistedModels.REFUSE);
        assertThat(asTold).isEqualTo(UnlistedModels.PASS);
    }

    private static UnlistedModels unlistedModels(String[] tiers, String... more) {
        String[] all = Stream.concat(Stream.of(tiers), Stream.of(more)).toArray(String[]::new);
        return PenstockConfig.of(all).provider().unlistedModels();
    }

    @Test
    void shouldUseConfiguredRulesInTheirOrder() {
        // Given
        PenstockConfig config = PenstockConfig.of(
                "classifier.greeting.task=simple",
                "classifier.greeting.characters=..20",
                "classifier.rest.task=complex",
                "classifier.rest.code=false");

        // When
        boolean sound = Tiering.problem(config).isEmpty();

        // Then
        assertThat(sound).isTrue();
        assertThat(config.classifier()).extracting("name").containsExactly("greeting", "rest");
    }

    @Test
    void shouldRefuseARuleThatCannotMatch() {
        // Given
        PenstockConfig config = PenstockConfig.of(
                "classifier.all.task=simple",
                "classifier.all.characters=0..",
                "classifier.never.task=complex",
                "classifier.never.code=true");

        // When / Then
        assertThat(Tiering.problem(config))
                .hasValue("classifier.never: cannot match (expected: a request that no rule before it takes)");
    }

    private Route route(String model, String text, String more) {
        String line = "{\"custom_id\":\"a\",\"body\":{\"model\":\"" + model
                + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}" + more + "}";
        Request request = ((RequestCodec.Parsed.Accepted)
                        new RequestCodec(CodecLimits.DEFAULT).parse(line.getBytes(StandardCharsets.UTF_8)))
                .request();
        return ((TieringDecision.Routed) policy.decide(request)).route();
    }
}
