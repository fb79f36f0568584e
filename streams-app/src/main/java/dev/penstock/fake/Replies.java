package dev.penstock.fake;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes replies, good and bad. Waiting ends when the provider is closed. */
final class Replies {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final HeaderName RETRY_AFTER_MS = HeaderNames.create("retry-after-ms");
    private static final int CHUNK_BYTES = 64 * 1024;

    private final CountDownLatch closing;

    Replies(CountDownLatch closing) {
        this.closing = closing;
    }

    /**
     * @return the status that was sent
     * @throws CloseConnectionException to end the connection where the plan says so
     */
    int reply(Plan plan, long sequence, ServerResponse response) throws IOException {
        String requestId = "req_fake_" + sequence;
        response.header(plan.api().requestId(), requestId);
        Fault fault = plan.fault().orElse(null);
        if (!(fault instanceof Fault.Hang || fault instanceof Fault.Close)) {
            pause(plan.latency());
        }
        if (fault == null) {
            return sendJson(response, 200, answer(plan));
        }
        return switch (fault) {
            case Fault.Refuse refuse -> refuse(response, refuse, plan.api().error(refuse, requestId));
            case Fault.Hang hang -> hang();
            case Fault.Close close -> throw new CloseConnectionException("as scripted");
            case Fault.Drip drip -> drip(response, answer(plan), drip.gap());
            case Fault.Cut cut -> cut(response, answer(plan));
            case Fault.Late late -> late(response, answer(plan), late.by());
            case Fault.Garbage garbage -> sendJson(response, 200, garbage.body().bytes(plan.api()));
            case Fault.Huge huge -> huge(response, plan.api(), huge.bytes());
            case Fault.Empty empty -> sendJson(response, 200, new byte[0]);
        };
    }

    private static byte[] answer(Plan plan) {
        ObjectNode request = plan.request();
        return request == null
                ? new byte[0]
                : MAPPER.writeValueAsBytes(plan.api().answer(request));
    }

    private static int sendJson(ServerResponse response, int status, byte[] body) {
        response.status(status).header(HeaderNames.CONTENT_TYPE, "application/json");
        response.send(body);
        return status;
    }

    private static int refuse(ServerResponse response, Fault.Refuse refusal, ObjectNode body) {
        Duration wait = refusal.retryAfter();
        if (wait != null) {
            response.header(HeaderNames.RETRY_AFTER, Long.toString((wait.toMillis() + 999) / 1000));
            response.header(RETRY_AFTER_MS, Long.toString(wait.toMillis()));
        }
        return sendJson(response, refusal.status(), MAPPER.writeValueAsBytes(body));
    }

    private int hang() {
        pause(Duration.ofDays(1));
        throw new CloseConnectionException("closing");
    }

    private int late(ServerResponse response, byte[] body, Duration by) {
        pause(by);
        return sendJson(response, 200, body);
    }

    private int drip(ServerResponse response, byte[] body, Duration gap) throws IOException {
        OutputStream out = begin(response, body.length);
        for (byte one : body) {
            out.write(one);
            out.flush();
            pause(gap);
        }
        out.close();
        return 200;
    }

    private static int cut(ServerResponse response, byte[] body) throws IOException {
        OutputStream out = begin(response, body.length);
        out.write(body, 0, body.length / 2);
        out.flush();
        throw new CloseConnectionException("as scripted");
    }

    private static int huge(ServerResponse response, Api api, long textBytes) throws IOException {
        byte[] head = api.fillerHead().getBytes(StandardCharsets.UTF_8);
        byte[] tail = api.fillerTail(api.usage(10, textBytes / FakeAnswer.BYTES_PER_TOKEN))
                .getBytes(StandardCharsets.UTF_8);
        byte[] chunk = new byte[CHUNK_BYTES];
        Arrays.fill(chunk, (byte) 'x');
        try (OutputStream out = begin(response, head.length + textBytes + tail.length)) {
            out.write(head);
            for (long left = textBytes; left > 0; left -= CHUNK_BYTES) {
                out.write(chunk, 0, (int) Math.min(left, CHUNK_BYTES));
            }
            out.write(tail);
        }
        return 200;
    }

    private static OutputStream begin(ServerResponse response, long length) {
        response.header(HeaderNames.CONTENT_TYPE, "application/json");
        response.contentLength(length);
        return response.outputStream();
    }

    /** Returns when the gate that a call came to is open. */
    void await(CountDownLatch opening) {
        try {
            opening.await();
        } catch (InterruptedException e) {
            throw new CloseConnectionException("closing", e);
        }
        if (closing.getCount() == 0) {
            throw new CloseConnectionException("closing");
        }
    }

    private void pause(Duration time) {
        if (time.isZero()) {
            return;
        }
        try {
            if (closing.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new CloseConnectionException("closing");
            }
        } catch (InterruptedException e) {
            throw new CloseConnectionException("closing", e);
        }
    }
}
