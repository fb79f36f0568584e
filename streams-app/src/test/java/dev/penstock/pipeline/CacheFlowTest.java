package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.completed;
import static dev.penstock.pipeline.OutcomeFixtures.cut;
import static dev.penstock.pipeline.OutcomeFixtures.failed;
import static dev.penstock.pipeline.Requests.codes;
import static dev.penstock.pipeline.Requests.only;
import static dev.penstock.pipeline.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Owner;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import dev.penstock.schemas.Result;
import dev.penstock.schemas.Source;
import dev.penstock.schemas.TokenUsage;
import dev.penstock.schemas.WireCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The cache stage in the topology. */
class CacheFlowTest {

    private static final String ON = "cache.enabled=true";

    private final WireCodec codec = new WireCodec();
    private TestPipeline pipeline = new TestPipeline(ON);

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void shouldAnswerAnIdenticalRequestFromTheCacheAtNoCost() throws Exception {
        // Given
        answer("a-1", "hi");
        pipeline.usage();

        // When
        pipeline.send("acme", request("a-2", ""));
        pipeline.commit();

        // Then
        Result result = only(results());
        assertThat(result.customId()).isEqualTo("a-2");
        assertThat(result.penstock().source()).isEqualTo(Source.CACHE);
        assertThat(result.penstock().usage()).isEqualTo(new TokenUsage(0, 0, 0, 0));
        assertThat(result.penstock().cachedUsage()).isEqualTo(OutcomeFixtures.USAGE);
        assertThat(result.penstock().attempts()).isEmpty();
        assertThat(text(result)).isEqualTo("hi");
        assertThat(pipeline.usage()).isEmpty();
        assertThat(pipeline.takeLaunched()).isEmpty();
        assertThat(pipeline.cache().hits).isEqualTo(1);
    }

    @Test
    void shouldNotGiveAnAnswerToAPromptThatAPolicyShortenedWhenThePolicyHasGone() throws Exception {
        // Given
        reopen(ON, "budgets.enabled=true");
        pipeline.govern("acme", "{\"trim\":{\"max_input_tokens\":5}}");
        answer("a-1", "short");

        // When
        pipeline.send("acme", request("a-2", ""));
        int whileItHolds = pipeline.takeLaunched().size();
        pipeline.govern("acme", null);
        pipeline.send("acme", request("a-3", ""));
        pipeline.commit();

        // Then
        assertThat(whileItHolds).isZero();
        assertThat(pipeline.takeLaunched()).hasSize(1);
    }

    @Test
    void shouldNotGiveAnAnswerOfATierThatAPolicyForcedWhenThePolicyHasGone() throws Exception {
        // Given
        reopen(
                ON,
                "budgets.enabled=true",
                "targets.small.model=m-1",
                "targets.big.model=m-2",
                "tiers.simple.chain=small",
                "tiers.medium.chain=small",
                "tiers.complex.chain=big");
        pipeline.govern("acme", "{\"allowed_tiers\":[\"complex\"]}");
        pipeline.send("acme", request("a-1", "").replace("m-1", "auto"));
        pipeline.commit();
        Launch forced = pipeline.takeOneLaunched();
        pipeline.endCall(forced);
        pipeline.deliver(completed(forced, "dear"));
        pipeline.commit();

        // When
        pipeline.send("acme", request("a-2", "").replace("m-1", "auto"));
        pipeline.commit();
        int whileItHolds = pipeline.takeLaunched().size();
        pipeline.govern("acme", null);
        pipeline.send("acme", request("a-3", "").replace("m-1", "auto"));
        pipeline.commit();

        // Then
        assertThat(forced.route().tier()).isEqualTo("complex");
        assertThat(whileItHolds).isZero();
        assertThat(pipeline.takeOneLaunched().route().tier()).isNotEqualTo("complex");
    }

    private void reopen(String... sets) {
        pipeline.close();
        pipeline = new TestPipeline(sets);
    }

    @Test
    void shouldGiveADuplicateOfAHitTheSameTerminal() throws Exception {
        // Given
        answer("a-1", "hi");
        pipeline.send("acme", request("a-2", ""));
        results();

        // When
        pipeline.send("acme", request("a-2", ""));

        // Then
        Result result = only(results());
        assertThat(result.penstock().source()).isEqualTo(Source.DUPLICATE);
        assertThat(result.penstock().usage()).isEqualTo(new TokenUsage(0, 0, 0, 0));
        assertThat(result.penstock().cachedUsage()).isEqualTo(OutcomeFixtures.USAGE);
    }

    @Test
    void shouldGiveNoTenantAnothersAnswer() throws Exception {
        // Given
        answer("a-1", "hi");

        // When
        pipeline.send("other", request("a-2", ""));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(1);
        assertThat(results()).isEmpty();
    }

    @Test
    void shouldNotTouchTheStoreForARequestThatDoesNotUseTheCache() throws Exception {
        // Given
        pipeline.close();
        pipeline = new TestPipeline();
        pipeline.stores().takeAccesses("cache");

        // When
        answer("a-1", "hi");
        pipeline.send("acme", request("a-2", ""));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(1);
        assertThat(pipeline.stores().takeAccesses("cache")).isZero();
    }

    @Test
    void shouldShareAnAnswerWithoutTheDefaultWhenBothAskForIt() throws Exception {
        // Given
        pipeline.close();
        pipeline = new TestPipeline();
        answer(request("a-1", ",\"cache\":{\"ttl_ms\":60000}"), "hi");

        // When
        pipeline.send("acme", request("a-2", ",\"cache\":{\"ttl_ms\":60000}"));

        // Then
        assertThat(only(results()).penstock().source()).isEqualTo(Source.CACHE);
    }

    @Test
    void shouldNeitherReadNorWriteTheCacheForABypass() throws Exception {
        // Given
        answer(request("a-1", ",\"cache\":\"bypass\""), "hi");

        // When
        pipeline.send("acme", request("a-2", ""));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(1);
    }

    @Test
    void shouldAskAgainForARefreshAndGiveItsAnswerFromThenOn() throws Exception {
        // Given
        answer("a-1", "old");

        // When
        answer(request("a-2", ",\"cache\":\"refresh\""), "new");
        pipeline.send("acme", request("a-3", ""));

        // Then
        assertThat(text(only(results()))).isEqualTo("new");
        assertThat(pipeline.cache().entries).isEqualTo(1);
    }

    @Test
    void shouldLeaveOutATaskThatIsOffByDefault() throws Exception {
        // Given
        pipeline.close();
        pipeline = new TestPipeline(ON, "cache.tasks.complex=false");
        answer(request("a-1", ",\"task\":\"complex\""), "hi");

        // When
        pipeline.send("acme", request("a-2", ",\"task\":\"complex\""));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(1);
    }

    @Test
    void shouldKeepNoAnswerThatWasCut() throws Exception {
        // Given
        pipeline.send("acme", request("a-1", ""));
        pipeline.commit();
        pipeline.deliver(cut(pipeline.takeOneLaunched(), "h"));

        // When
        pipeline.send("acme", request("a-2", ""));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(1);
        assertThat(pipeline.cache().kept).isZero();
    }

    @Test
    void shouldForgetAnAnswerWhenItsTimeIsOver() throws Exception {
        // Given
        answer(request("a-1", ",\"cache\":{\"ttl_ms\":60000}"), "hi");

        // When
        pipeline.advance(Duration.ofSeconds(71));

        // Then
        assertThat(pipeline.stores().size("cache")).isZero();
        assertThat(pipeline.cache().entries).isZero();
        assertThat(pipeline.cache().bytes).isZero();
    }

    @Test
    void shouldLetTheLeastRecentlyUsedGoWhenThereAreTooMany() throws Exception {
        // Given
        pipeline.close();
        pipeline = new TestPipeline(ON, "cache.max_entries=2");
        answer(question("a-1", "one"), "1");
        answer(question("a-2", "two"), "2");
        pipeline.advance(Duration.ofMinutes(2));
        pipeline.send("acme", question("a-3", "one"));
        results();

        // When
        answer(question("a-4", "three"), "3");
        pipeline.send("acme", question("a-5", "one"));
        pipeline.send("acme", question("a-6", "two"));
        pipeline.commit();

        // Then
        assertThat(results()).extracting(Result::customId).containsExactly("a-5");
        assertThat(pipeline.takeOneLaunched().ticket().customId()).isEqualTo("a-6");
        assertThat(pipeline.cache().evicted).isEqualTo(1);
        assertThat(pipeline.cache().entries).isEqualTo(2);
    }

    @Test
    void shouldFindItsAnswersAfterARestart() throws Exception {
        // Given
        answer("a-1", "hi");
        pipeline.commit();

        // When
        pipeline.restart(new Owner("node-1", "run-3"), ON);
        pipeline.caughtUp();
        pipeline.send("acme", request("a-2", ""));

        // Then
        assertThat(only(results()).customId()).isEqualTo("a-2");
        assertThat(pipeline.cache().entries).isEqualTo(1);
    }

    @Test
    void shouldMakeOneCallForIdenticalRequestsInFlight() throws Exception {
        // Given
        for (int i = 0; i < 500; i++) {
            pipeline.send("acme", request("a-" + i, ""));
        }
        pipeline.commit();
        Launch launch = pipeline.takeOneLaunched();

        // When
        pipeline.deliver(completed(launch, "hi"));
        pipeline.commit();
        List<Result> results = new ArrayList<>(results());
        for (int i = 0; i < 10 && results.size() < 500; i++) {
            pipeline.advance(Duration.ofMillis(100));
            pipeline.commit();
            results.addAll(results());
        }

        // Then
        assertThat(results).hasSize(500);
        assertThat(results).extracting(Result::customId).doesNotHaveDuplicates();
        assertThat(results).allSatisfy(result -> assertThat(text(result)).isEqualTo("hi"));
        assertThat(results.stream().filter(result -> result.penstock().source() == Source.COALESCED))
                .hasSize(499)
                .allSatisfy(result -> {
                    assertThat(result.penstock().usage()).isEqualTo(new TokenUsage(0, 0, 0, 0));
                    assertThat(result.penstock().cachedUsage()).isEqualTo(OutcomeFixtures.USAGE);
                });
        assertThat(pipeline.usage()).hasSize(1);
        assertThat(pipeline.takeLaunched()).isEmpty();
    }

    @Test
    void shouldKeepFollowersThroughARestart() throws Exception {
        // Given
        pipeline.send("acme", request("a-1", ""));
        pipeline.send("acme", request("a-2", ""));
        pipeline.commit();
        Launch launch = pipeline.takeOneLaunched();

        // When
        pipeline.restart(new Owner("node-1", "run-3"), ON);
        pipeline.deliver(completed(launch, "hi"));

        // Then
        assertThat(results()).extracting(Result::customId).containsExactlyInAnyOrder("a-1", "a-2");
    }

    @Test
    void shouldStoreAFlightOnlyWhenItIsFollowed() throws Exception {
        // Given
        pipeline.send("acme", request("a-1", ""));
        pipeline.commit();
        Launch launch = pipeline.takeOneLaunched();
        int alone = pipeline.stores().size("cache");

        // When
        pipeline.send("acme", request("a-2", ""));
        int followed = pipeline.stores().size("cache");
        pipeline.deliver(failed(launch, DeadLetterCode.PROVIDER_BAD_REQUEST, false));

        // Then
        assertThat(alone).isZero();
        assertThat(followed).isPositive();
        assertThat(pipeline.stores().size("cache")).isZero();
    }

    @Test
    void shouldLeadAnewAfterARestartWhereNobodyFollowed() throws Exception {
        // Given
        pipeline.send("acme", request("a-1", ""));
        pipeline.commit();
        Launch first = pipeline.takeOneLaunched();

        // When
        pipeline.restart(new Owner("node-1", "run-3"), ON);
        pipeline.caughtUp();
        pipeline.send("acme", "takes the offset that the first request had");
        pipeline.send("acme", request("a-2", ""));
        pipeline.send("acme", request("a-3", ""));
        pipeline.commit();
        List<Launch> launched = pipeline.takeLaunched();
        Launch second = launched.getFirst();
        pipeline.deliver(completed(first, "one"));
        pipeline.deliver(completed(second, "two"));

        // Then
        assertThat(launched).extracting(Launch::number).containsExactly(1, 2);
        assertThat(results()).extracting(Result::customId).containsExactly("a-1", "a-2", "a-3");
        assertThat(pipeline.takeLaunched()).isEmpty();
    }

    @Test
    void shouldHoldIntakeBackWhileTooManyFollow() throws Exception {
        // Given
        pipeline.close();
        pipeline = new TestPipeline(ON, "dispatch.waiting.max_items=3");
        for (int i = 0; i < 5; i++) {
            pipeline.send("acme", request("a-" + i, ""));
        }
        pipeline.commit();
        boolean open = pipeline.valve().isOpen(0);

        // When
        pipeline.deliver(completed(pipeline.takeOneLaunched(), "hi"));

        // Then
        assertThat(open).isFalse();
        assertThat(results()).hasSize(5);
        assertThat(pipeline.valve().isOpen(0)).isTrue();
    }

    @Test
    void shouldFailFollowersAlikeWhereTheRequestItselfIsAtFault() throws Exception {
        // Given
        Launch launch = twoInFlight("");

        // When
        pipeline.deliver(failed(launch, DeadLetterCode.PROVIDER_BAD_REQUEST, false));
        pipeline.commit();

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("provider.bad_request", "provider.bad_request");
        assertThat(pipeline.takeLaunched()).isEmpty();
    }

    @Test
    void shouldLetFollowersGoOnByThemselvesWhenTheCallFailed() throws Exception {
        // Given
        Launch launch = twoInFlight("");

        // When
        pipeline.deliver(failed(launch, FailureClass.PERMANENT, DeadLetterCode.PROVIDER_UNAVAILABLE, false));
        pipeline.commit();
        List<TestRecord<byte[], byte[]>> letters = pipeline.deadLetters();
        pipeline.advance(Duration.ofMillis(100));
        pipeline.commit();

        // Then
        assertThat(codes(letters)).containsExactly("provider.unavailable");
        Launch next = pipeline.takeOneLaunched();
        assertThat(next.ticket().customId()).isEqualTo("a-2");
        pipeline.deliver(completed(next, "hi"));
        assertThat(only(results()).penstock().source()).isEqualTo(Source.PROVIDER);
    }

    @Test
    void shouldHandOverWhenTheLeaderEndsOfItsOwnDeadline() throws Exception {
        // Given
        pipeline.close();
        pipeline = new TestPipeline(ON, "dispatch.permits=1");
        pipeline.send("acme", question("b-1", "something else"));
        pipeline.send("acme", request("a-1", ",\"timeout_ms\":1000"));
        pipeline.send("acme", request("a-2", ""));
        pipeline.send("acme", request("a-3", ""));
        pipeline.commit();
        Launch other = pipeline.takeOneLaunched();

        // When
        pipeline.advance(Duration.ofMillis(1_100));
        pipeline.advance(Duration.ofSeconds(3));
        pipeline.commit();
        pipeline.endCall(other);
        pipeline.deliver(completed(other, "else"));
        pipeline.commit();
        Launch launch = pipeline.takeOneLaunched();
        pipeline.deliver(completed(launch, "hi"));

        // Then
        assertThat(codes(pipeline.deadLetters())).containsExactly("dispatch.deadline");
        assertThat(launch.ticket().customId()).isEqualTo("a-2");
        assertThat(results()).extracting(Result::customId).containsExactly("b-1", "a-2", "a-3");
    }

    @Test
    void shouldEndAFollowerAtItsOwnDeadlineAlone() throws Exception {
        // Given
        Launch launch = twoInFlight(",\"timeout_ms\":1000");

        // When
        pipeline.advance(Duration.ofMillis(1_100));
        List<TestRecord<byte[], byte[]>> letters = pipeline.deadLetters();
        pipeline.deliver(completed(launch, "hi"));

        // Then
        assertThat(codes(letters)).containsExactly("dispatch.deadline");
        assertThat(only(results()).customId()).isEqualTo("a-1");
    }

    @Test
    void shouldNotMakeTheUrgentWaitForTheLessUrgent() {
        // Given
        pipeline.send("acme", request("a-1", ",\"priority\":\"bulk\""));

        // When
        pipeline.send("acme", request("a-2", ",\"priority\":\"interactive\""));
        pipeline.commit();

        // Then
        assertThat(pipeline.takeLaunched()).hasSize(2);
    }

    @Test
    void shouldLeaveNothingBehindWhenAllHasEndedAndExpired() throws Exception {
        // Given
        Launch launch = twoInFlight("");
        pipeline.deliver(completed(launch, "hi"));

        // When
        pipeline.advance(Duration.ofHours(24).plusSeconds(11));

        // Then
        assertThat(results()).hasSize(2);
        assertThat(pipeline.stores().size("cache")).isZero();
    }

    /** @param more of the one that follows */
    private Launch twoInFlight(String more) {
        pipeline.send("acme", request("a-1", ""));
        pipeline.send("acme", request("a-2", more));
        pipeline.commit();
        return pipeline.takeOneLaunched();
    }

    /** @param idOrRequest the name of a request, or all of it */
    private void answer(String idOrRequest, String text) throws Exception {
        pipeline.send("acme", idOrRequest.startsWith("{") ? idOrRequest : request(idOrRequest, ""));
        pipeline.commit();
        Launch launch = pipeline.takeOneLaunched();
        pipeline.endCall(launch);
        pipeline.deliver(completed(launch, text));
        pipeline.commit();
        assertThat(results()).hasSize(1);
    }

    private static String question(String customId, String text) {
        return request(customId, "").replace("hello", text);
    }

    private List<Result> results() throws Exception {
        List<Result> results = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : pipeline.results()) {
            results.add(codec.readResult(record.value()));
        }
        return results;
    }

    private static String text(Result result) {
        return result.response()
                .body()
                .path("choices")
                .path(0)
                .path("message")
                .path("content")
                .asString();
    }
}
