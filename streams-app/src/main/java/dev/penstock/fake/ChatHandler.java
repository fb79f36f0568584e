package dev.penstock.fake;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** One call from its arrival to its end: planned, noted, answered. */
final class ChatHandler implements Handler {

    private static final HeaderName IDEMPOTENCY_KEY = HeaderNames.create("idempotency-key");
    private static final String BEARER = "Bearer ";
    private static final int NOTHING_SENT = 0;

    private final Planner planner;
    private final CallLog log;
    private final Replies replies;
    private final InstantSource clock;

    ChatHandler(Planner planner, CallLog log, Replies replies, InstantSource clock) {
        this.planner = planner;
        this.log = log;
        this.replies = replies;
        this.clock = clock;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws IOException {
        byte[] body = body(request);
        long sequence = log.nextSequence();
        String bodySha256 = Digests.sha256(body);
        String keySha256 = keySha256(request);
        Plan plan = planner.plan(sequence, body, bodySha256, keySha256);
        String idempotencyKey = request.headers().first(IDEMPOTENCY_KEY).orElse("");
        FakeCall call = new FakeCall(
                sequence, idempotencyKey, bodySha256, keySha256, clock.instant(), plan.label(), null, NOTHING_SENT);
        int status = NOTHING_SENT;
        try {
            log.begin(call);
            status = replies.reply(plan, sequence, response);
        } finally {
            log.end(call, status);
        }
    }

    private static byte[] body(ServerRequest request) {
        return request.content().hasEntity() ? request.content().as(byte[].class) : new byte[0];
    }

    private static @Nullable String keySha256(ServerRequest request) {
        return request.headers()
                .first(HeaderNames.AUTHORIZATION)
                .filter(value -> value.startsWith(BEARER))
                .map(value -> Digests.sha256(value.substring(BEARER.length())))
                .orElse(null);
    }
}
