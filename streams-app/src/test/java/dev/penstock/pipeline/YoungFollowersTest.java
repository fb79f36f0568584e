package dev.penstock.pipeline;

import static dev.penstock.pipeline.Requests.codes;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A tenant that repeats requests which end before a minute is over does not keep intake closed for others. */
class YoungFollowersTest extends TenCentFlow {

    private static final int MAX_ITEMS = 10;
    private static final int SECONDS = 600;

    private int sent;

    @Test
    void shouldLetOthersInWhileATenantKeepsFollowingRequestsOfLessThanAMinute() throws Exception {
        // Given
        TestPipeline pipeline = flow();

        // When
        int closed = secondsClosedWhileRepeating(pipeline, true);

        // Then
        assertThat(closed).isLessThan(SECONDS / 4);
    }

    @Test
    void shouldKeepTheBacklogOfALoneTenantInKafkaAndEndNoneOfIt() throws Exception {
        // Given
        TestPipeline pipeline = flow();

        // When
        int closed = secondsClosedWhileRepeating(pipeline, false);

        // Then
        assertThat(closed).isGreaterThan(SECONDS * 9 / 10);
        assertThat(codes(pipeline.deadLetters())).doesNotContain("dispatch.crowded");
    }

    private TestPipeline flow() {
        TestPipeline pipeline = pipeline("dispatch.waiting.max_items=" + MAX_ITEMS, "cache.enabled=true");
        pipeline.govern("repeats", policy("1000"));
        pipeline.govern("other", policy("1000"));
        pipeline.commit();
        return pipeline;
    }

    /** Sends a slow request and those that follow it, and one of the other tenant behind them, whenever intake is open. */
    private int secondsClosedWhileRepeating(TestPipeline pipeline, boolean besideAnother) throws Exception {
        int closed = 0;
        for (int second = 0; second < SECONDS; second++) {
            if (second % 55 == 0) {
                repeat(pipeline, second, besideAnother);
            }
            if (!pipeline.valve().isOpen(0)) {
                closed++;
            }
            pipeline.advance(Duration.ofSeconds(1));
            pipeline.commit();
        }
        return closed;
    }

    private void repeat(TestPipeline pipeline, int leader, boolean besideAnother) {
        for (int i = 0; i <= MAX_ITEMS + 1; i++) {
            String more = ",\"timeout_ms\":54500,\"idempotency_key\":\"k" + leader + "\"";
            pipeline.send("repeats", request("a-" + sent++, "m-1", more).replace("hello", "hello " + leader));
        }
        if (besideAnother) {
            pipeline.send("other", request("b-" + leader));
        }
        pipeline.commit();
    }
}
