package dev.penstock.console;

import io.helidon.common.parameters.Parameters;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the page asks for, as JSON. One request at a time reads topics while somebody waits; the next one is told to come again.
 */
final class ConsoleApi implements HttpService {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int LONGEST_PARAMETER = 2_048;
    private static final int BUSY = 503;
    private static final int BAD_REQUEST = 400;

    private final StateJson state;
    private final OperatorTopics topics;
    private final AccessToken token;
    private final Semaphore readers = new Semaphore(1);

    ConsoleApi(StateJson state, OperatorTopics topics, AccessToken token) {
        this.state = state;
        this.topics = topics;
        this.token = token;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/state", answer(this::state))
                .get("/token", answer(this::checkToken))
                .get("/trace", answer(request -> reading(() -> trace(request))))
                .get("/dead-letter", answer(request -> reading(() -> deadLetter(request))))
                .post("/replay/plan", answer(this::planReplay))
                .post("/replay", answer(this::startReplay));
    }

    /** An answer in the making. */
    private interface Question {
        ObjectNode ask(ServerRequest request) throws ConsoleRefusal;
    }

    private interface Reading {
        ObjectNode read() throws ConsoleRefusal;
    }

    private Handler answer(Question question) {
        return (request, response) -> {
            try {
                send(response, 200, question.ask(request));
            } catch (ConsoleRefusal refused) {
                if (refused.status() == 401) {
                    response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
                }
                send(response, refused.status(), error(String.valueOf(refused.getMessage())));
            }
        };
    }

    private ObjectNode reading(Reading reading) throws ConsoleRefusal {
        if (!readers.tryAcquire()) {
            throw new ConsoleRefusal(BUSY, "busy: the topics are being read for somebody else; try again");
        }
        try {
            return reading.read();
        } finally {
            readers.release();
        }
    }

    private ObjectNode state(ServerRequest request) throws ConsoleRefusal {
        String after = parameter(request, "after");
        try {
            return state.at(Instant.now(), Instant.ofEpochMilli(after == null ? 0 : Long.parseLong(after)));
        } catch (NumberFormatException wrong) {
            throw new ConsoleRefusal(BAD_REQUEST, "after: no number (expected: milliseconds since 1970)");
        }
    }

    private ObjectNode checkToken(ServerRequest request) throws ConsoleRefusal {
        token.require(header(request, HeaderNames.AUTHORIZATION));
        return JSON.createObjectNode().put("token", "right");
    }

    private ObjectNode trace(ServerRequest request) throws ConsoleRefusal {
        return topics.trace(required(request, "id"), parameter(request, "tenant"), parameter(request, "since"));
    }

    private ObjectNode deadLetter(ServerRequest request) throws ConsoleRefusal {
        boolean withPrompt = request.query().contains("prompt");
        if (withPrompt) {
            token.require(header(request, HeaderNames.AUTHORIZATION));
        }
        return topics.deadLetter(required(request, "id"), withPrompt);
    }

    private ObjectNode planReplay(ServerRequest request) throws ConsoleRefusal {
        ObjectNode selection = changing(request);
        return reading(() -> topics.planReplay(selection));
    }

    private ObjectNode startReplay(ServerRequest request) throws ConsoleRefusal {
        return topics.startReplay(changing(request).path("plan").asString(""));
    }

    /** The body of a request that may change something. A form of another site cannot send this content type unasked. */
    private ObjectNode changing(ServerRequest request) throws ConsoleRefusal {
        token.require(header(request, HeaderNames.AUTHORIZATION));
        String type = header(request, HeaderNames.CONTENT_TYPE);
        if (type == null || !type.startsWith("application/json")) {
            throw new ConsoleRefusal(415, "content-type: another one (expected: application/json)");
        }
        try {
            if (JSON.readTree(request.content().as(byte[].class)) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException malformed) {
            // What it says may quote the body.
        }
        throw new ConsoleRefusal(BAD_REQUEST, "body: no JSON object");
    }

    private static String required(ServerRequest request, String name) throws ConsoleRefusal {
        String value = parameter(request, name);
        if (value == null) {
            throw new ConsoleRefusal(BAD_REQUEST, name + ": missing");
        }
        return value;
    }

    private static @Nullable String parameter(ServerRequest request, String name) throws ConsoleRefusal {
        Parameters query = request.query();
        String value = query.first(name).orElse("");
        if (value.length() > LONGEST_PARAMETER) {
            throw new ConsoleRefusal(
                    BAD_REQUEST,
                    name + ": " + value.length() + " characters (expected: " + LONGEST_PARAMETER + " or fewer)");
        }
        return value.isBlank() ? null : value;
    }

    private static @Nullable String header(ServerRequest request, HeaderName name) {
        return request.headers().first(name).orElse(null);
    }

    private static ObjectNode error(String message) {
        return JSON.createObjectNode().put("error", message);
    }

    private static void send(ServerResponse response, int status, ObjectNode body) {
        response.status(status)
                .header(HeaderNames.CONTENT_TYPE, "application/json; charset=utf-8")
                .send(JSON.writeValueAsBytes(body));
    }
}
