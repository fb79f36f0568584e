package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class WorstCasePolicyTest {

    private static final PricedTarget CHEAP = new PricedTarget("cheap", Tokenizer.O200K_BASE, 100, Map.of());
    private static final PricedTarget DEAR = new PricedTarget("dear", Tokenizer.UTF8_BYTES, 200, Map.of());
    private static final PricedTarget FREE = new PricedTarget("free?", Tokenizer.UTF8_BYTES, 100, Map.of());
    private static final JsonNode BODY = Bodies.json("{'messages':[{'role':'user','content':'hello world'}],'n':2}");

    private final WorstCasePolicy policy = new WorstCasePolicy(Prices.table(Map.of(
            "cheap", Prices.of(Prices.rates("0.000001", "0.000002", "0.000001", "0.000003")),
            "dear", Prices.of(Prices.rates("0.0001", "0.00001", "0.0003", "0.0002")))));

    @Test
    void shouldTakeEveryTokenAtItsDearestKind() {
        // When
        WorstCase.Bounded worst = (WorstCase.Bounded) policy.of(new CountedBody(BODY), List.of(CHEAP));

        // Then
        assertThat(worst.outputTokens()).isEqualTo(200);
        assertThat(((Cost.Known) worst.cost()).usd())
                .isEqualByComparingTo(
                        Prices.rates("0.000002", "0", "0.000003", "0").worst(worst.inputTokens(), 200));
    }

    @Test
    void shouldTakeTheDearestTargetThatMayBeTried() {
        // When
        WorstCase.Bounded dear = (WorstCase.Bounded) policy.of(new CountedBody(BODY), List.of(DEAR));
        WorstCase.Bounded both = (WorstCase.Bounded) policy.of(new CountedBody(BODY), List.of(DEAR, CHEAP));

        // Then
        assertThat(both).isEqualTo(dear).isEqualTo(policy.of(new CountedBody(BODY), List.of(CHEAP, DEAR)));
        assertThat(both.outputTokens()).isEqualTo(400);
    }

    @Test
    void shouldNotKnowTheCostWhenOnePriceIsUnknown() {
        // When
        WorstCase.Bounded worst = (WorstCase.Bounded) policy.of(new CountedBody(BODY), List.of(DEAR, FREE, CHEAP));

        // Then
        assertThat(worst.cost()).isEqualTo(new Cost.UnknownPrice("free?"));
        assertThat(worst.outputTokens()).isEqualTo(400);
    }

    @Test
    void shouldNotKnowTheCostOfADearerLane() {
        assertThat(policy.of(new CountedBody(Bodies.json("{'service_tier':'priority'}")), List.of(CHEAP)))
                .isInstanceOfSatisfying(
                        WorstCase.Bounded.class,
                        worst -> assertThat(worst.cost()).isInstanceOf(Cost.UnknownPrice.class));
        assertThat(policy.of(new CountedBody(Bodies.json("{'service_tier':'flex'}")), List.of(CHEAP)))
                .isInstanceOfSatisfying(
                        WorstCase.Bounded.class,
                        worst -> assertThat(worst.cost()).isInstanceOf(Cost.Known.class));
    }

    @Test
    void shouldCountABodyOnceForAllTargetsOfATokenizer() {
        // Given
        PricedTarget other = new PricedTarget("cheap", Tokenizer.O200K_BASE, 100, Map.of());
        PricedTarget dearest = new PricedTarget("dear", Tokenizer.O200K_BASE, 100, Map.of());
        NotedBody body = new NotedBody(BODY);
        CountedBody counted = new CountedBody(body);

        // When: the chain, and a cheaper tier
        WorstCase chain = policy.of(counted, List.of(CHEAP, other, dearest));
        policy.of(counted, List.of(other));

        // Then
        assertThat(body.counts).isEqualTo(1);
        assertThat(chain).isEqualTo(policy.of(new CountedBody(BODY), List.of(CHEAP, other, dearest)));
        policy.of(counted, List.of(DEAR));
        assertThat(body.counts).as("another tokenizer counts anew").isEqualTo(2);
    }

    /** Notes how often all that it says is counted. */
    private static final class NotedBody extends ObjectNode {

        private int counts;

        NotedBody(JsonNode body) {
            super(JsonNodeFactory.instance);
            setAll((ObjectNode) body);
        }

        @Override
        public void forEachEntry(BiConsumer<? super String, ? super JsonNode> action) {
            counts++;
            super.forEachEntry(action);
        }
    }

    @Test
    void shouldHaveNoBoundWhenOneTargetHasNone() {
        // Given
        PricedTarget seesImages = new PricedTarget("dear", Tokenizer.O200K_BASE, 100, Map.of("image_url", 1_000L));
        JsonNode image = Bodies.message("[{'type':'image_url'}]");

        // When / Then
        assertThat(policy.of(new CountedBody(image), List.of(seesImages))).isInstanceOf(WorstCase.Bounded.class);
        assertThat(policy.of(new CountedBody(image), List.of(seesImages, CHEAP)))
                .isEqualTo(new WorstCase.Unbounded("image_url"));
        assertThat(policy.of(new CountedBody(Bodies.json("{'n':0}")), List.of(CHEAP)))
                .isEqualTo(new WorstCase.Unbounded("n"));
    }
}
