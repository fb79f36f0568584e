package dev.penstock.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import tools.jackson.databind.json.JsonMapper;

/** {@code PUT /control} replaces the script; {@code GET /calls} counts. */
final class ControlHandler {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final Planner planner;
    private final CallLog log;

    ControlHandler(Planner planner, CallLog log) {
        this.planner = planner;
        this.log = log;
    }

    void control(Request request, byte[] body, Response response) throws IOException {
        try {
            planner.follow(FakeScript.parse(new String(body, UTF_8)));
            send(response, HttpStatus.NO_CONTENT_204, new byte[0]);
        } catch (ScriptException e) {
            send(response, HttpStatus.BAD_REQUEST_400, (e.getMessage() + "\n").getBytes(UTF_8));
        }
    }

    void calls(Request request, byte[] body, Response response) throws IOException {
        CallLog.Counts counts = log.counts();
        byte[] json = MAPPER.writeValueAsBytes(MAPPER.createObjectNode()
                .put("received", counts.received())
                .put("open", counts.open())
                .put("most_open", counts.mostOpen())
                .set("by_status", MAPPER.valueToTree(counts.byStatus()))
                .set("by_script", MAPPER.valueToTree(counts.byScript())));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        send(response, HttpStatus.OK_200, json);
    }

    private static void send(Response response, int status, byte[] body) throws IOException {
        response.setStatus(status);
        Content.Sink.write(response, true, ByteBuffer.wrap(body));
    }
}
