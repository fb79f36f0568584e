package dev.penstock.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import dev.penstock.provider.RawServer;
import dev.penstock.provider.Targets;
import dev.penstock.provider.openai.OpenAiProvider;
import dev.penstock.provider.openai.OpenAiSettings;
import dev.penstock.schemas.Outcome;
import dev.penstock.schemas.Trim;
import dev.penstock.work.PromptFitting;
import dev.penstock.work.Route;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

/** What is sent under which key, as the provider's socket reads it. */
@Timeout(60)
class OneKeyOneBodyWireTest {

    private static final PenstockConfig CONFIG = PenstockConfig.of(
            "targets.one.model=m-1",
            "targets.one.context_tokens=1000",
            "targets.two.model=m-2",
            "tiers.simple.chain=one,two",
            "tiers.medium.chain=one,two",
            "tiers.complex.chain=one,two",
            "provider.name=one",
            "retry.base=1ms",
            "retry.cap=2ms");
    private static final Route ROUTE = new Route("medium", List.of("one", "two"), null, Duration.ofSeconds(60));
    private static final Pattern KEY = Pattern.compile("(?i)idempotency-key: ([^\r\n]+)");

    private static final String TOO_LONG = "{\"error\":{\"code\":\"context_length_exceeded\"}}";
    private static final String OK = "{\"id\":\"c\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":"
            + "{\"role\":\"assistant\",\"content\":\"hi\"}}]}";

    /** Refused as too long; shorter, at the same target: away; at the other target: answered. */
    private static final List<String> REPLIES =
            List.of(response(400, TOO_LONG), response(503, "{}"), response(200, OK));

    @Test
    void shouldSendEachBodyUnderAKeyOfItsOwnAndTheSameOnesWhenTheCallIsRepeatedAfterALoss() throws Exception {
        // Given
        AtomicInteger answered = new AtomicInteger();
        try (RawServer server = RawServer.start((out, socket) -> {
                    String reply = REPLIES.get(answered.getAndIncrement() % REPLIES.size());
                    out.write(reply.getBytes(StandardCharsets.ISO_8859_1));
                    return true;
                });
                OpenAiProvider provider =
                        new OpenAiProvider(OpenAiSettings.of(server.baseUrl(), null), InstantSource.system())) {

            // When
            for (int time = 1; time <= 2; time++) {
                Outcome refused = work(provider, Progress.NONE);
                assertThat(refused.kind()).isEqualTo(Outcome.Kind.FAILED);
                Outcome shorter = work(provider, Progress.NONE.with(refused));
                assertThat(shorter.kind()).as("%s", shorter.failure()).isEqualTo(Outcome.Kind.ANSWERED);
            }

            // Then
            Map<String, Set<String>> bodiesByKey = new HashMap<>();
            for (String request : server.requests()) {
                Matcher key = KEY.matcher(request);
                assertThat(key.find()).isTrue();
                bodiesByKey
                        .computeIfAbsent(key.group(1), sent -> new HashSet<>())
                        .add(request.substring(request.indexOf("\r\n\r\n")));
            }
            assertThat(server.requests()).hasSize(2 * REPLIES.size());
            assertThat(bodiesByKey).hasSize(REPLIES.size()).allSatisfy((key, bodies) -> {
                assertThat(key).startsWith("hash.");
                assertThat(bodies).hasSize(1);
            });
        }
    }

    private static Outcome work(OpenAiProvider provider, Progress progress) {
        Targets targets =
                RunnerFixtures.targets(CONFIG, target -> new ScriptedProvider(provider::call), () -> Calls.NOW);
        Launch launch = new Launch(
                Calls.ticket(1),
                "hash",
                Calls.request(1).trimmedAs(new Trim(1_000)),
                ROUTE,
                progress,
                3,
                1,
                new CallState.Dispatched(Calls.SELF, "one", Calls.NOW.plusSeconds(10), Calls.NOW.plusSeconds(85)),
                100,
                RunnerFixtures.lease(targets, "one", Calls.NOW));
        return RunnerFixtures.attempts(CONFIG, targets, new Halving(), () -> Calls.NOW)
                .work(launch, new HeldPlace(launch.lease()), () -> true);
    }

    private static String response(int status, String body) {
        return "HTTP/1.1 " + status + " Scripted\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** Sends a prompt as it came, and half of it where it was refused. */
    private static final class Halving implements PromptFitting {

        @Override
        public Fit fit(String target, ObjectNode body, @Nullable Trim trim, long contextTokens, long outputCap) {
            return new Fit.Sendable(body, 0);
        }

        @Override
        public Fit shorter(String target, ObjectNode refused) {
            String prompt = refused.path("prompt").asString("");
            return new Fit.Sendable(refused.deepCopy().put("prompt", prompt.substring(prompt.length() / 2)), 1);
        }
    }
}
