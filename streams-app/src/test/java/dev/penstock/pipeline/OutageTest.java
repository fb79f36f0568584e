package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.provider.ProviderReply;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The only target is down for ten minutes of test clock. Each launch is called through the real provider stack. */
class OutageTest {

    private static final int REQUESTS = 500;
    private static final Duration OUTAGE = Duration.ofMinutes(10);
    private static final Duration STEP = Duration.ofSeconds(1);

    private static final List<String> PRIORITIES = List.of("bulk", "normal", "interactive");

    private final TestPipeline pipeline = new TestPipeline("dispatch.default_deadline=30m");
    private boolean up;
    private final List<Priority> launched = new ArrayList<>();
    private int calls;

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void shouldParkTheWorkProbeTheTargetAndDrainWithoutAStampede() {
        // Given
        pipeline.answerWith(call -> up ? answer() : serverError());
        for (int i = 0; i < REQUESTS; i++) {
            pipeline.send(
                    "tenant-" + i % 7, Requests.request("c-" + i, ",\"priority\":\"" + PRIORITIES.get(i % 3) + '"'));
        }
        pipeline.commit();

        // When
        callWhatIsLaunched();
        int atOnce = calls;
        for (Duration down = Duration.ZERO; down.compareTo(OUTAGE) < 0; down = down.plus(STEP)) {
            step();
        }
        int whileDown = calls - atOnce;
        int parked = pipeline.waiting().parked();
        up = true;
        launched.clear();
        List<Integer> callsOfEachStep = new ArrayList<>();
        int ended = 0;
        while (ended < REQUESTS && callsOfEachStep.size() < 1_200) {
            int before = calls;
            step();
            callsOfEachStep.add(calls - before);
            ended += pipeline.results().size();
        }

        // Then
        assertThat(pipeline.deadLetters()).isEmpty();
        assertThat(parked).as("parked when the outage ends").isEqualTo(REQUESTS);
        assertThat(whileDown).as("probes in ten minutes").isBetween(10, 60);
        assertThat(ended).isEqualTo(REQUESTS);
        assertThat(callsOfEachStep)
                .as("the first half of the work takes its time")
                .allMatch(each -> each < REQUESTS / 2);
        assertThat(launched.subList(0, REQUESTS / 3))
                .as(
                        "interactive first of what is due, and dues are spread: more than half, where chance would make it a third")
                .filteredOn(priority -> priority == Priority.INTERACTIVE)
                .hasSizeGreaterThan(REQUESTS / 6);
    }

    private void step() {
        pipeline.advance(STEP);
        pipeline.commit();
        callWhatIsLaunched();
    }

    private void callWhatIsLaunched() {
        for (Launch launch : pipeline.takeLaunched()) {
            calls++;
            launched.add(launch.ticket().priority());
            Outcome outcome = switch (pipeline.call(launch)) {
                case ProviderReply.Answered answered -> OutcomeFixtures.answered(launch, "hi");
                case ProviderReply.Failed failed ->
                    OutcomeFixtures.failed(launch, failed.failureClass(), failed.code(), failed.possiblyBilled());
            };
            pipeline.permits().returned(launch.partition());
            pipeline.deliver(outcome);
        }
        pipeline.commit();
    }

    private static ProviderReply answer() {
        return new ProviderReply.Answered(200, "p-1", JsonMapper.shared().createObjectNode(), null);
    }

    private static ProviderReply serverError() {
        return new ProviderReply.Failed(
                FailureClass.TRANSIENT, DeadLetterCode.PROVIDER_SERVER_ERROR, 500, true, null, "status 500", null);
    }
}
