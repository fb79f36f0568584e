package dev.penstock.pipeline;

import static dev.penstock.pipeline.OutcomeFixtures.completed;
import static dev.penstock.pipeline.OutcomeFixtures.failed;
import static dev.penstock.pipeline.OutcomeFixtures.parked;

import dev.penstock.dispatch.Launch;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.FailureClass;
import java.util.Random;

/** Requests of many tenants that come to every end that one can come to: answers that are kept, shared, followed or lost, failures, deadlines. */
final class MixedTraffic {

    private final TestPipeline pipeline;
    private final Random random;
    private int sharing;

    MixedTraffic(TestPipeline pipeline, Random random) {
        this.pipeline = pipeline;
        this.random = random;
    }

    /** A request of any of twenty tenants, which may be like another one; or three that may share a prompt. */
    void send() {
        String tenant = "tenant-" + random.nextInt(20);
        if (random.nextInt(8) > 0) {
            pipeline.send(tenant, request());
            return;
        }
        for (int i = 0; i < 3; i++) {
            String name = "shares-" + sharing++;
            pipeline.send(tenant, BatchRig.request(name, ""));
        }
    }

    /** One request, so many duplicates of it, and as many others that ask the same. */
    void sendCrowd(int size) {
        for (int i = 0; i < size; i++) {
            pipeline.send("crowd", Requests.request("one", "").replace("hello", "what all ask"));
            pipeline.send("crowd", Requests.request("other-" + i, "").replace("hello", "what all ask"));
        }
    }

    private String request() {
        String more = random.nextInt(3) == 0 ? ",\"timeout_ms\":" + (1 + random.nextInt(20_000)) : "";
        more += random.nextInt(3) == 0 ? ",\"batch\":\"allow\"" : "";
        more += random.nextInt(3) == 0 ? ",\"priority\":\"bulk\"" : "";
        more += random.nextInt(4) == 0 ? ",\"in_doubt\":\"fail\"" : "";
        return Requests.request("c-" + random.nextInt(8), more).replace("hello", "question " + random.nextInt(6));
    }

    /** Ends a call in any way, or not at all. */
    void end(Launch launch) {
        int how = random.nextInt(10);
        pipeline.endCall(launch);
        if (how == 0) {
            // Nobody ever says how it ended.
            return;
        }
        pipeline.deliver(
                switch (how) {
                    case 1 -> failed(launch, DeadLetterCode.PROVIDER_BAD_REQUEST, false);
                    case 2 -> failed(launch, FailureClass.PERMANENT, DeadLetterCode.PROVIDER_UNAVAILABLE, true);
                    case 3 ->
                        parked(
                                launch,
                                DeadLetterCode.PROVIDER_THROTTLED,
                                pipeline.now().plusSeconds(random.nextInt(600)));
                    case 4 -> failed(launch, FailureClass.PERMANENT, DeadLetterCode.DISPATCH_DEADLINE, false);
                    default -> completed(launch, answer(launch));
                });
    }

    private String answer(Launch launch) {
        SharedAnswers shared = new SharedAnswers(launch);
        return shared.size() > 0 && random.nextInt(4) > 0 ? shared.json() : noise(random.nextInt(3_000));
    }

    /** A text that hardly compresses. */
    private String noise(int length) {
        return random.ints(length, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
