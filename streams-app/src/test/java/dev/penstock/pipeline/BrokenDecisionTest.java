package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.answered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.provider.Entry;
import dev.penstock.provider.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever breaks while a task decides: the permits and places that it took are free again when it is gone. */
class BrokenDecisionTest extends TenCentFlow {

    private static final int PERMITS = 3;
    private static final int PLACES = 4;
    private static final String HOUR = ",\"timeout_ms\":3600000";

    /** What a task decides on, with calls in flight and calls that wait. */
    enum Decision {
        /** A new call goes at once, is held or ends, as its tenant's budget says. */
        NEW_CALLS(4) {
            @Override
            void take(TestPipeline pipeline) {
                pipeline.send("beta", request("b-1", "tier:complex", HOUR));
                pipeline.send("acme", request("a-9", "tier:complex", HOUR));
                pipeline.send("gamma", request("c-1", "tier:complex", HOUR));
            }
        },
        /** An answer ends a call, and others take its turn. */
        AN_ANSWER(6) {
            @Override
            void take(TestPipeline pipeline) {
                pipeline.deliver(answered(pipeline.takeLaunched().getFirst(), "hi"));
                pipeline.advance(Duration.ofMillis(100));
            }
        },
        /** Calls that a budget holds may go. */
        A_POLICY(4) {
            @Override
            void take(TestPipeline pipeline) {
                pipeline.govern("acme", policy("1000"));
            }
        },
        /** Held calls ask, and their budget begins anew. */
        A_RESET(4) {
            @Override
            void take(TestPipeline pipeline) {
                pipeline.advance(Duration.ofHours(1));
            }
        };

        private final int calls;

        Decision(int calls) {
            this.calls = calls;
        }

        abstract void take(TestPipeline pipeline);
    }

    @ParameterizedTest
    @EnumSource
    void shouldGivePermitsAndPlacesBackWhereverADecisionBreaks(Decision decision) {
        int broken = 0;
        boolean breaks = true;
        for (int at = 0; breaks; at++) {
            // Given
            TestPipeline pipeline = waiting(decision.calls);
            pipeline.stores().onAccess(breaksAt(at));

            // When
            breaks = isBroken(() -> decision.take(pipeline));
            pipeline.stores().onAccess(() -> {});
            pipeline.abortAndRevive();

            // Then
            int inFlight = pipeline.permits().inUse();
            assertThat(inFlight).as("in flight, broken at access " + at).isEqualTo(pipeline.held());
            assertThat(pipeline.permits().free() + pipeline.permits().unused())
                    .as("free, broken at access " + at)
                    .isEqualTo(PERMITS - inFlight);
            assertThat(freePlaces(pipeline))
                    .as("places, broken at access " + at)
                    .isEqualTo(PLACES - inFlight);
            broken += breaks ? 1 : 0;
            close();
            opened = null;
        }
        assertThat(broken).as("accesses in which it broke").isGreaterThan(10);
    }

    /** Of so many calls of a tenant some are in flight, and the others wait for a permit or for its budget. */
    private TestPipeline waiting(int calls) {
        TestPipeline pipeline = pipeline(
                "targets.one.base_url=http://127.0.0.1:1",
                "targets.one.model=dear",
                "targets.one.max_concurrency=" + PLACES,
                "tiers.simple.chain=one",
                "tiers.medium.chain=one",
                "tiers.complex.chain=one",
                "dispatch.permits=" + PERMITS,
                "budgets.max_budget=" + (calls > 4 ? "10" : "0.10"),
                "budgets.budget_duration=1h",
                "budgets.on_spent=hold");
        for (int i = 0; i < calls; i++) {
            pipeline.send("acme", request("a-" + i, "tier:complex", HOUR));
        }
        pipeline.commit();
        return pipeline;
    }

    private static Runnable breaksAt(int access) {
        int[] accesses = new int[1];
        return () -> {
            if (accesses[0]++ == access) {
                throw new IllegalStateException("broken on purpose");
            }
        };
    }

    private static boolean isBroken(Runnable step) {
        try {
            step.run();
            return false;
        } catch (StreamsException | IllegalStateException e) {
            return true;
        }
    }

    private static int freePlaces(TestPipeline pipeline) {
        List<Lease> taken = new ArrayList<>();
        while (pipeline.instance().targets().enter("one", 0, "", 1, pipeline.now()) instanceof Entry.Entered entered) {
            taken.add(entered.lease());
        }
        taken.forEach(Lease::cancel);
        return taken.size();
    }
}
