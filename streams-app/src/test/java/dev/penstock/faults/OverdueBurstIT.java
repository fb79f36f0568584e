package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Thousands of calls that wait have one deadline: they end in many transactions, none of which is open for long. */
@Tag("long")
class OverdueBurstIT {

    private static final int CALLS = 4_000;
    private static final int PERMITS = 20;

    /** All are taken in by then on a slow machine, too; what is taken in later ends at once. */
    private static final Duration DEADLINE = Duration.ofSeconds(40);

    private static final String AGE = "penstock_transaction_age_seconds";
    private static final String TIMEOUT = "penstock_transaction_timeout_seconds";
    private static final String EXHAUSTED = "penstock_step_budget_exhausted_total";

    @Test
    void shouldEndThemInManyTransactions() {
        // Given
        try (Rig rig = Rig.start("overdue-burst")) {
            rig.fake().hold();
            AppChild app = rig.launch(rig.spec("one")
                    .with("dispatch.permits", Integer.toString(PERMITS))
                    .with("dispatch.waiting.max_items", "100000"));
            app.awaitReady();
            Instant deadline = Instant.now().plus(DEADLINE);
            rig.sender().send(lines(deadline));
            rig.awaitOpenCalls(PERMITS);

            // When
            rig.awaitAllEnds();

            // Then: how long one was open depends on the machine, that there were many does not
            double exhausted = metric(app, EXHAUSTED);
            System.out.printf(
                    "overdue-burst: %d calls; longest transaction %s s of %s s; %s step budgets spent%n",
                    CALLS, metric(app, AGE), metric(app, TIMEOUT), exhausted);
            assertThat(exhausted).isPositive();
            rig.fake().follow("latency: 5ms");
            Judgement.judge(rig);
        }
    }

    private static List<Workload.Line> lines(Instant deadline) {
        return IntStream.range(0, CALLS)
                .mapToObj(number -> Workload.line(
                        "overdue-tenant-" + number % 40, "overdue-" + number, "\"deadline\":\"" + deadline + "\","))
                .toList();
    }

    private static double metric(AppChild app, String name) {
        Matcher found = Pattern.compile("^" + name + " (\\S+)$", Pattern.MULTILINE)
                .matcher(app.pages().get("/metrics").text());
        return found.find() ? Double.parseDouble(found.group(1)) : Double.NaN;
    }
}
