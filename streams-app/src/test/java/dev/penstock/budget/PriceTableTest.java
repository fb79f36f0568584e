package dev.penstock.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.schemas.TokenUsage;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceTableTest {

    private static final PriceTable TABLE =
            Prices.table(Map.of("m", Prices.of(Prices.rates("0.000003", "0.0000003", "0.000015", "0.00002"))));

    @ParameterizedTest
    @CsvSource({
        // Cached tokens are among the prompt's, reasoning among the completion's.
        "1000, 0, 0, 0, 0.003",
        "1000, 0, 400, 0, 0.00192",
        "1000, 0, 1000, 0, 0.0003",
        "0, 100, 0, 0, 0.0015",
        "0, 100, 0, 40, 0.0017",
        "1000, 100, 400, 40, 0.00362",
        // Where a provider counts the part beside the whole, all of the part is paid for.
        "10, 0, 1000, 0, 0.0003",
        "0, 10, 0, 1000, 0.02",
        "0, 0, 0, 0, 0"
    })
    void shouldPriceEachKindOfToken(long prompt, long completion, long cached, long reasoning, String usd) {
        // When
        Cost cost = TABLE.cost("m", new TokenUsage(prompt, completion, cached, reasoning), false);

        // Then
        assertThat(((Cost.Known) cost).usd()).isEqualByComparingTo(usd);
    }

    @Test
    void shouldNotGuessThePriceOfAModelItDoesNotKnow() {
        assertThat(TABLE.cost("m-2", new TokenUsage(1, 1, 0, 0), false)).isEqualTo(new Cost.UnknownPrice("m-2"));
        assertThat(TABLE.worst("M", 1, 1)).isEqualTo(new Cost.UnknownPrice("M"));
        assertThat(TABLE.price("m-2")).isEmpty();
        assertThat(PriceTable.EMPTY.cost("m", new TokenUsage(1, 1, 0, 0), false))
                .isEqualTo(new Cost.UnknownPrice("m"));
    }

    @Test
    void shouldNeverCostMoreThanTheWorstCase() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            // Given
            long prompt = random.nextInt(1_000);
            long completion = random.nextInt(1_000);
            TokenUsage usage =
                    new TokenUsage(prompt, completion, random.nextLong(prompt + 1), random.nextLong(completion + 1));

            // When
            Cost.Known cost = (Cost.Known) TABLE.cost("m", usage, random.nextBoolean());
            Cost.Known worst =
                    (Cost.Known) TABLE.worst("m", prompt + random.nextInt(3), completion + random.nextInt(3));

            // Then
            assertThat(cost.usd()).as("%s", usage).isLessThanOrEqualTo(worst.usd());
        }
    }
}
