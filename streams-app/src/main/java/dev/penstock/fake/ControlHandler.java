package dev.penstock.fake;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import tools.jackson.databind.json.JsonMapper;

/** {@code PUT /control} replaces the script; {@code GET /calls} counts. */
final class ControlHandler implements HttpService {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final Planner planner;
    private final CallLog log;

    ControlHandler(Planner planner, CallLog log) {
        this.planner = planner;
        this.log = log;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.put("/control", this::control).get("/calls", this::calls);
    }

    private void control(ServerRequest request, ServerResponse response) {
        try {
            planner.follow(FakeScript.parse(request.content().as(String.class)));
            response.status(204).send();
        } catch (ScriptException e) {
            response.status(400).send(e.getMessage() + "\n");
        }
    }

    private void calls(ServerRequest request, ServerResponse response) {
        CallLog.Counts counts = log.counts();
        byte[] body = MAPPER.writeValueAsBytes(MAPPER.createObjectNode()
                .put("received", counts.received())
                .put("open", counts.open())
                .put("most_open", counts.mostOpen())
                .set("by_status", MAPPER.valueToTree(counts.byStatus()))
                .set("by_script", MAPPER.valueToTree(counts.byScript())));
        response.header(HeaderNames.CONTENT_TYPE, "application/json").send(body);
    }
}
