package dev.penstock.fake;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes replies, good and bad. Waiting ends when the provider is closed. */
final class Replies {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final HttpField JSON = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "application/json");
    private static final String RETRY_AFTER_MS = "retry-after-ms";
    private static final int CHUNK_BYTES = 64 * 1024;

    private final CountDownLatch closing;

    Replies(CountDownLatch closing) {
        this.closing = closing;
    }

    /**
     * @return the status that was sent
     * @throws BrokenOffException to end the connection where the plan says so
     */
    int reply(Plan plan, long sequence, Response response) throws IOException {
        String requestId = "req_fake_" + sequence;
        response.getHeaders().put(plan.api().requestId(), requestId);
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
            case Fault.Close close -> throw new BrokenOffException("as scripted");
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

    private static int sendJson(Response response, int status, byte[] body) throws IOException {
        response.setStatus(status);
        response.getHeaders().put(JSON);
        write(response, true, body, 0, body.length);
        return status;
    }

    /** Returns when it is with the operating system. */
    private static void write(Response response, boolean last, byte[] bytes, int from, int length) throws IOException {
        Content.Sink.write(response, last, ByteBuffer.wrap(bytes, from, length));
    }

    private static int refuse(Response response, Fault.Refuse refusal, ObjectNode body) throws IOException {
        Duration wait = refusal.retryAfter();
        if (wait != null) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, (wait.toMillis() + 999) / 1000);
            response.getHeaders().put(RETRY_AFTER_MS, wait.toMillis());
        }
        return sendJson(response, refusal.status(), MAPPER.writeValueAsBytes(body));
    }

    private int hang() {
        pause(Duration.ofDays(1));
        throw new BrokenOffException("closing");
    }

    private int late(Response response, byte[] body, Duration by) throws IOException {
        pause(by);
        return sendJson(response, 200, body);
    }

    private int drip(Response response, byte[] body, Duration gap) throws IOException {
        begin(response, body.length);
        for (int i = 0; i < body.length; i++) {
            write(response, i == body.length - 1, body, i, 1);
            pause(gap);
        }
        return 200;
    }

    private static int cut(Response response, byte[] body) throws IOException {
        begin(response, body.length);
        write(response, false, body, 0, body.length / 2);
        throw new BrokenOffException("as scripted");
    }

    private static int huge(Response response, Api api, long textBytes) throws IOException {
        byte[] head = api.fillerHead().getBytes(StandardCharsets.UTF_8);
        byte[] tail = api.fillerTail(api.usage(10, textBytes / FakeAnswer.BYTES_PER_TOKEN))
                .getBytes(StandardCharsets.UTF_8);
        byte[] chunk = new byte[CHUNK_BYTES];
        Arrays.fill(chunk, (byte) 'x');
        begin(response, head.length + textBytes + tail.length);
        write(response, false, head, 0, head.length);
        for (long left = textBytes; left > 0; left -= CHUNK_BYTES) {
            write(response, false, chunk, 0, (int) Math.min(left, CHUNK_BYTES));
        }
        write(response, true, tail, 0, tail.length);
        return 200;
    }

    private static void begin(Response response, long length) {
        response.setStatus(200);
        response.getHeaders().put(JSON);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
    }

    /** Returns when the gate that a call came to is open. */
    void await(CountDownLatch opening) {
        try {
            opening.await();
        } catch (InterruptedException e) {
            throw new BrokenOffException("closing");
        }
        if (closing.getCount() == 0) {
            throw new BrokenOffException("closing");
        }
    }

    private void pause(Duration time) {
        if (time.isZero()) {
            return;
        }
        try {
            if (closing.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new BrokenOffException("closing");
            }
        } catch (InterruptedException e) {
            throw new BrokenOffException("closing");
        }
    }
}
