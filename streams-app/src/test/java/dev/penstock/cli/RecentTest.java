package dev.penstock.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.deadletters.DeadLetter;
import dev.penstock.schemas.BudgetStatus;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.WireCodec;
import java.math.BigDecimal;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** What the page remembers of topics: bounded, escaped and without prompts. */
class RecentTest {

    private static final String CANARY = "canary-words-77";

    @Test
    void shouldKeepTheLastLettersOfACodeWithoutTheirRequests() {
        // Given
        RecentDeadLetters recent = new RecentDeadLetters();

        // When
        for (int i = 0; i < 10; i++) {
            recent.add(letter(i, request("id-" + i)));
        }

        // Then
        ObjectNode json = JsonLine.object();
        recent.writeTo(json);
        assertThat(json.path("read").asInt()).isEqualTo(10);
        assertThat(json.at("/by_code/0/count").asInt()).isEqualTo(10);
        assertThat(json.at("/by_code/0/examples").size()).isEqualTo(3);
        assertThat(json.at("/by_code/0/examples/0/custom_id").asString()).isEqualTo("id-9");
        assertThat(json.toString()).doesNotContain(CANARY);
    }

    @Test
    void shouldCutAndEscapeWhatUsersWrote() {
        // Given
        String hostile = "\\u001b[31m\\u202e<script>alert(1)</script>" + "x".repeat(1_000_000);

        // When
        ObjectNode page = DeadLetterPage.whole(letter(1, request(hostile)), false);

        // Then
        assertThat(page.path("custom_id").asString())
                .startsWith("\\u001b[31m\\u202e<script>")
                .hasSizeLessThan(300);
        assertThat(page.toString()).hasSizeLessThan(4_000).doesNotContain(CANARY);
    }

    @Test
    void shouldTellWhatARequestIsLikeAndNotWhatItSays() {
        // Given
        String line = "{\"custom_id\":\"a\",\"idempotency_key\":\"" + CANARY + "\",\"metadata\":{\"m\":\"" + CANARY
                + "\"},\"body\":{\"model\":\"m-1\",\"max_tokens\":7,\"user\":\"" + CANARY
                + "\",\"messages\":[{\"role\":\"" + CANARY + "\",\"content\":\"" + CANARY
                + "\"}],\"tools\":[{\"name\":\"" + CANARY + "\"}]}}";

        // When
        ObjectNode page = DeadLetterPage.whole(letter(1, line), false);

        // Then
        assertThat(page.toString())
                .doesNotContain(CANARY)
                .contains("m-1", "\"7\"", "other role, 15 characters, hidden", "list of 1, hidden");
        assertThat(DeadLetterPage.whole(letter(1, line), true).path("value").asString())
                .contains(CANARY);
    }

    @Test
    void shouldSurviveRequestsThatAreNone() {
        for (String line : new String[] {"", "[1", "null", "{\"body\":[]}", "{\"body\":{\"messages\":[1,null]}}"}) {
            // When / Then
            assertThat(DeadLetterPage.whole(letter(1, line), false)
                            .path("outline")
                            .size())
                    .as(line)
                    .isPositive();
        }
    }

    @Test
    void shouldKeepThoseNearestToTheirLimits() {
        // Given
        RecentBudgets budgets = new RecentBudgets(10);

        // When
        for (int i = 0; i < 1_000; i++) {
            budgets.add(status("tenant-" + i, i));
        }

        // Then
        ObjectNode json = JsonLine.object();
        budgets.writeTo(json);
        assertThat(json.path("count").asInt()).isBetween(10, 20);
        assertThat(json.path("more").asBoolean()).isTrue();
        assertThat(json.at("/rows/0/tenant").asString()).isEqualTo("tenant-999");
        assertThat(json.at("/rows/9/tenant").asString()).isEqualTo("tenant-990");
    }

    @Test
    void shouldForgetABudgetThatHasEnded() {
        // Given
        RecentBudgets budgets = new RecentBudgets(10);
        budgets.add(status("acme", 1));
        budgets.add(status("beta", 2));

        // When
        budgets.add(new ConsumerRecord<>("llm.budgets", 0, 9, status("acme", 1).key(), null));

        // Then
        ObjectNode json = JsonLine.object();
        budgets.writeTo(json);
        assertThat(json.path("count").asInt()).isOne();
        assertThat(json.at("/rows/0/tenant").asString()).isEqualTo("beta");
    }

    private static String request(String customId) {
        return "{\"custom_id\":\"" + customId + "\",\"body\":{\"messages\":[{\"role\":\"user\",\"content\":\"" + CANARY
                + "\"}]}}";
    }

    private static DeadLetter letter(long offset, String line) {
        var message = new ConsumerRecord<>("llm.dead-letters", 0, offset, "acme".getBytes(UTF_8), line.getBytes(UTF_8));
        Letters.headers(DeadLetterCode.PROVIDER_TIMEOUT)
                .forEach((name, text) -> message.headers().add(name, text.getBytes(UTF_8)));
        return DeadLetter.of(message);
    }

    private static ConsumerRecord<byte[], byte[]> status(String tenant, int used) {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        BigDecimal percent = BigDecimal.valueOf(used, 1);
        BudgetStatus status = new BudgetStatus(
                tenant,
                "day",
                null,
                start,
                start.plusSeconds(86_400),
                BudgetStatus.State.OK,
                new BudgetStatus.Dollars(
                        BigDecimal.valueOf(used), BigDecimal.ZERO, BigDecimal.valueOf(1_000), null, null, percent),
                new BudgetStatus.Tokens(used, 0, null, null, null, null),
                start);
        return new ConsumerRecord<>(
                "llm.budgets", 0, used, status.key().getBytes(UTF_8), new WireCodec().write(status));
    }
}
