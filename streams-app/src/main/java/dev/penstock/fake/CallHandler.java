package dev.penstock.fake;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One call in one of the languages, from its arrival to its end: planned, noted, answered. */
final class CallHandler implements Endpoint {

    private static final String IDEMPOTENCY_KEY = "idempotency-key";
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int NOTHING_SENT = 0;

    private final Api api;
    private final Planner planner;
    private final CallLog log;
    private final Replies replies;
    private final InstantSource clock;

    CallHandler(Api api, Planner planner, CallLog log, Replies replies, InstantSource clock) {
        this.api = api;
        this.planner = planner;
        this.log = log;
        this.replies = replies;
        this.clock = clock;
    }

    @Override
    public void handle(Request request, byte[] body, Response response) throws IOException {
        HttpFields headers = request.getHeaders();
        long sequence = log.nextSequence();
        CountDownLatch opening = planner.opening();
        String bodySha256 = Digests.sha256(body);
        String keySha256 = api.key(headers).map(Digests::sha256).orElse(null);
        Plan plan = planner.plan(api, sequence, parse(headers, body), bodySha256, keySha256);
        String idempotencyKey = Objects.requireNonNullElse(headers.get(IDEMPOTENCY_KEY), "");
        FakeCall call = new FakeCall(
                sequence, idempotencyKey, bodySha256, keySha256, clock.instant(), plan.label(), null, NOTHING_SENT);
        int status = NOTHING_SENT;
        try {
            log.begin(call);
            replies.await(opening);
            status = replies.reply(plan, sequence, response);
        } finally {
            log.end(call, status);
        }
    }

    /** Null if it is no request of this API. */
    private @Nullable ObjectNode parse(HttpFields headers, byte[] body) {
        try {
            return MAPPER.readTree(body) instanceof ObjectNode fields && api.accepts(headers, fields) ? fields : null;
        } catch (JacksonException notJson) {
            return null;
        }
    }
}
