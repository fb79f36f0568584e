package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.guarantees.BudgetNeverExceeded;
import dev.penstock.guarantees.Charges;
import dev.penstock.guarantees.Content;
import dev.penstock.guarantees.ContentReader;
import dev.penstock.guarantees.Event;
import dev.penstock.guarantees.Promises;
import dev.penstock.guarantees.Role;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A thousand calls for ten cents each, at once, against five dollars: fifty may leave, on however many instances, and
 * whatever becomes of those.
 */
@Execution(ExecutionMode.CONCURRENT)
@Tag("long")
class BudgetRaceIT {

    private static final String TENANT = "racer";
    private static final BigDecimal LIMIT = new BigDecimal("5.00");
    private static final int CALLS = 1_000;
    private static final int ADMITTED = 50;

    /** At once, so that the fifty are spread over all owners. */
    private static final int PERMITS = 15;

    @Test
    void shouldLetFiftyLeaveWhileTheOwnerMoves() {
        // Given
        try (Rig rig = Rig.start("budget-race")) {
            rig.fake().hold();
            List<AppChild> apps = launch(rig, "budget-race");
            List<Workload.Line> lines = lines();

            // When
            rig.sender().send(lines.subList(0, 800));
            List<AppChild> owners = new ArrayList<>();
            for (int move = 0; move < 2; move++) {
                AppChild owner = owner(rig, apps);
                owners.add(owner);
                rig.recordFault(Event.Fault.Kind.TERMINATE, owner);
                assertThat(owner.terminateHoldingCalls(rig.fake(), "hold: false"))
                        .isZero();
                rig.fake().hold();
            }
            owners.add(owner(rig, apps));
            rig.fake().follow("latency: 5ms");
            rig.sender().send(lines.subList(800, CALLS));
            owners.getFirst().process().startAgain();
            rig.awaitAllEnds();

            // Then
            assertThat(owners).doesNotHaveDuplicates();
            awaitStatus(rig);
            Judgement.judge(rig, promises(), new LogAudit());
            assertThat(rig.recorder().history().of(Event.ProviderCall.class)).hasSize(ADMITTED);
            assertThat(charges(rig))
                    .hasSize(ADMITTED)
                    .allSatisfy((id, charge) -> assertThat(charge.status()).isEqualTo("billed"));
            assertThat(Charges.of(usage(rig), TENANT)).isEqualByComparingTo(LIMIT);
        }
    }

    @Test
    void shouldLetNoMoreThanFiftyLeaveWhenOwnersAreKilled() {
        // Given
        try (Rig rig = Rig.start("budget-race-killed")) {
            rig.fake().hold();
            List<AppChild> apps = launch(rig, "budget-race-killed");

            // When
            rig.sender().send(lines());
            for (int kill = 0; kill < 2; kill++) {
                rig.kill(owner(rig, apps));
            }
            rig.fake().follow("latency: 5ms");
            rig.awaitAllEnds();

            // Then
            awaitStatus(rig);
            Judgement.judge(rig, promises(), Judgement.afterKill());
            assertThat(rig.recorder().history().of(Event.Fault.class))
                    .allSatisfy(fault -> assertThat(fault.openCalls()).isGreaterThanOrEqualTo(PERMITS - 5));
            assertThat(rig.recorder().history().of(Event.ProviderCall.class).count())
                    .isLessThanOrEqualTo(ADMITTED);
            assertThat(charges(rig))
                    .as("settled at what the provider billed, and unknown at the worst case, which is the same")
                    .hasSize(ADMITTED)
                    .allSatisfy((id, charge) -> assertThat(charge.costUsd()).isEqualByComparingTo(TenCentCalls.BILL));
            assertThat(charges(rig).values())
                    .as("what the kills lost")
                    .anySatisfy(charge -> assertThat(charge.status()).isEqualTo("unknown"));
            assertThat(Charges.of(usage(rig), TENANT)).isEqualByComparingTo(LIMIT);
        }
    }

    private static Promises promises() {
        return TenCentCalls.promises()
                .with(() -> new BudgetNeverExceeded(Map.of(TENANT, LIMIT), asked -> TenCentCalls.BILL));
    }

    private static List<AppChild> launch(Rig rig, String name) {
        Path prices = TenCentCalls.prices(Outputs.fresh(name + "-prices"));
        List<AppChild> apps = Stream.of("one", "two", "three")
                .map(instance ->
                        rig.launch(TenCentCalls.priced(rig.spec(instance).patient(), prices)
                                .with("budgets.max_budget", LIMIT.toPlainString())
                                .with("dispatch.permits", Integer.toString(PERMITS))))
                .toList();
        apps.forEach(AppChild::awaitReady);
        return apps;
    }

    private static List<Workload.Line> lines() {
        return IntStream.range(0, CALLS)
                .mapToObj(number -> TenCentCalls.line(TENANT, "race-" + number))
                .toList();
    }

    /** Who has the tenant's calls, when it has nearly as many open as it may: all of a tenant is in one place. */
    private static AppChild owner(Rig rig, List<AppChild> apps) {
        List<AppChild> found = new ArrayList<>();
        await().atMost(Limits.WORK).until(() -> {
            found.clear();
            apps.stream().filter(app -> rig.openCallsOf(app) >= PERMITS - 5).forEach(found::add);
            return found.size() == 1;
        });
        return found.getFirst();
    }

    /** Statuses come a second behind. What they say is judged with everything else. */
    private static void awaitStatus(Rig rig) {
        Instant patience = Instant.now().plusSeconds(20);
        await().atMost(Limits.WORK).until(() -> {
            Content.Budget month = PublishedBudgets.months(rig).get(TENANT);
            boolean settled = month != null
                    && month.usedUsd().compareTo(LIMIT) == 0
                    && month.reservedUsd().signum() == 0;
            return settled || Instant.now().isAfter(patience);
        });
    }

    private static Map<String, Content.Usage> charges(Rig rig) {
        return Charges.byId(usage(rig), TENANT);
    }

    private static List<Content> usage(Rig rig) {
        return rig.recorder()
                .history()
                .of(Event.Observed.class)
                .filter(observed -> observed.role() == Role.USAGE)
                .map(observed -> ContentReader.read(Role.USAGE, observed.message()))
                .toList();
    }
}
