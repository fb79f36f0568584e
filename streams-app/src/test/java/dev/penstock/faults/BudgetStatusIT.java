package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.cli.Main;
import dev.penstock.guarantees.Content;
import dev.penstock.guarantees.Event;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Where budgets stand is told rightly, by the topic and by metrics, whoever has a tenant and however the last one stopped. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("patient")
class BudgetStatusIT {

    /** More than all partitions together publish in a second. */
    private static final int CHANGED = 900;

    private static final int AT_THEIR_CAP = 60;
    private static final BigDecimal FAR_AWAY = new BigDecimal("5.00");

    private static final Pattern USED = Pattern.compile(
            "^penstock_budget_used_ratio\\{tenant=\"(.+?)\",window=\"month\"} (\\S+)$", Pattern.MULTILINE);

    @ParameterizedTest
    @EnumSource(names = {"KILL", "TERM"})
    void shouldPublishWhatHadChangedWhenTheInstanceStopped(Signal signal) {
        // Given
        try (Rig rig = Rig.start("budgets-" + signal.name().toLowerCase(Locale.ROOT))) {
            rig.fake().hold();
            AppChild app = launch(rig, "one", FAR_AWAY);
            app.awaitReady();
            rig.sender().send(calls(CHANGED, "first"));
            rig.awaitOpenCalls(CHANGED);
            rig.fake().follow("latency: 5ms");
            rig.awaitAllEnds();

            // When
            stop(rig, app, signal);
            List<String> behindAtTheStop = behind(rig, CHANGED);
            await().atMost(Limits.WORK).until(() -> rig.members().isEmpty());
            app.process().startAgain();
            app.awaitReady();
            await().atMost(Limits.WORK)
                    .pollInSameThread()
                    .until(() -> behind(rig, CHANGED).isEmpty());

            // Then
            assertThat(behindAtTheStop).as("what the stop came too early for").isNotEmpty();
            assertThat(listed(rig))
                    .hasSize(CHANGED)
                    .allSatisfy((tenant, used) -> assertThat(used).isEqualByComparingTo(TenCentCalls.BILL));
            assertThat(ratios(List.of(app)))
                    .hasSize(CHANGED)
                    .allSatisfy((tenant, ratios) -> assertThat(ratios).containsExactly(0.02));
            Judgement.judge(rig, TenCentCalls.promises(), Judgement.afterKill());
        }
    }

    @Test
    void shouldShowTenantsAtTheirCapAfterARestartAndAfterAMove() {
        // Given
        try (Rig rig = Rig.start("budgets-moved")) {
            AppChild one = launch(rig, "one", TenCentCalls.BILL);
            AppChild two = launch(rig, "two", TenCentCalls.BILL);
            one.awaitReady();
            two.awaitReady();
            rig.sender().send(calls(AT_THEIR_CAP, "fits"));
            rig.sender().send(calls(AT_THEIR_CAP, "does-not"));
            rig.awaitAllEnds();
            awaitAllAtTheirCap(List.of(one, two));

            // When
            for (AppChild app : List.of(one, two)) {
                stop(rig, app, Signal.TERM);
                app.process().startAgain();
                app.awaitReady();
            }
            awaitAllAtTheirCap(List.of(one, two));
            AppChild three = launch(rig, "three", TenCentCalls.BILL);
            await().atMost(Limits.WORK).until(() -> !ratios(List.of(three)).isEmpty());
            awaitAllAtTheirCap(List.of(one, two, three));
            stop(rig, one, Signal.KILL);
            awaitAllAtTheirCap(List.of(two, three));

            // Then
            assertThat(rig.terminals().values())
                    .filteredOn(Content.Result.class::isInstance)
                    .hasSize(AT_THEIR_CAP);
            Judgement.judge(rig, TenCentCalls.promises(), Judgement.afterKill());
        }
    }

    private static AppChild launch(Rig rig, String instance, BigDecimal limit) {
        AppSpec patient = rig.spec(instance).patient().with("dispatch.permits", "1000");
        return rig.launch(TenCentCalls.priced(patient, TenCentCalls.prices(rig.directory()))
                .with("budgets.max_budget", limit.toPlainString())
                .with("budgets.shown_in_metrics", Integer.toString(CHANGED)));
    }

    /** One of each tenant. */
    private static List<Workload.Line> calls(int tenants, String name) {
        return IntStream.range(0, tenants)
                .mapToObj(number -> TenCentCalls.line("tenant-" + number, name + "-" + number))
                .toList();
    }

    /** For good, until it is started again. */
    private static void stop(Rig rig, AppChild app, Signal signal) {
        app.process().stopRestarting();
        if (signal == Signal.KILL) {
            rig.kill(app);
        } else {
            rig.recordFault(Event.Fault.Kind.TERMINATE, app);
            assertThat(app.terminate()).isZero();
        }
    }

    /** Tenants of whom the topic does not say that they have spent what their one call cost. */
    private static List<String> behind(Rig rig, int tenants) {
        Map<String, Content.Budget> months = PublishedBudgets.months(rig);
        return IntStream.range(0, tenants)
                .mapToObj(number -> "tenant-" + number)
                .filter(tenant -> !isSettled(months.get(tenant)))
                .toList();
    }

    private static boolean isSettled(Content.@Nullable Budget month) {
        return month != null
                && month.usedUsd().compareTo(TenCentCalls.BILL) == 0
                && month.reservedUsd().signum() == 0;
    }

    /** What {@code penstock budgets} prints as used, by tenant. */
    private static Map<String, BigDecimal> listed(Rig rig) {
        Child command = rig.launchUnsupervised(new ChildSpec(
                "budgets",
                Main.class,
                "128m",
                List.of(
                        "budgets",
                        "-o",
                        "json",
                        "--bootstrap-servers",
                        rig.bootstrap(),
                        "--set",
                        "topics.prefix=" + rig.topics().names().prefix()),
                Map.of()));
        assertThat(command.awaitExit(Limits.WORK)).as(command.output()).isZero();
        Map<String, BigDecimal> used = new HashMap<>();
        for (String line : command.output().lines().toList()) {
            JsonNode status = JsonMapper.shared().readTree(line);
            if (status.path("window").asString().equals("month")
                    && status.path("model").isMissingNode()) {
                used.put(
                        status.path("tenant").asString(),
                        status.path("usd").path("used").decimalValue());
            }
        }
        return used;
    }

    /** Each is shown by the one instance that has it, and by no other. */
    private static void awaitAllAtTheirCap(List<AppChild> apps) {
        await().atMost(Limits.WORK).until(() -> {
            Map<String, List<Double>> ratios = ratios(apps);
            return ratios.size() == AT_THEIR_CAP && ratios.values().stream().allMatch(List.of(1.0)::equals);
        });
    }

    /** What the metrics of all of them show as used of each tenant's budget. */
    private static Map<String, List<Double>> ratios(List<AppChild> apps) {
        Map<String, List<Double>> ratios = new HashMap<>();
        for (AppChild app : apps) {
            USED.matcher(app.pages().get("/metrics").text())
                    .results()
                    .forEach(found -> ratios.computeIfAbsent(found.group(1), tenant -> new ArrayList<>())
                            .add(Double.valueOf(found.group(2))));
        }
        return ratios;
    }
}
