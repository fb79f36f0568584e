package dev.penstock.console;

import java.time.Instant;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the page asks for, as JSON. */
final class ConsoleApi {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String JSON_TYPE = "application/json";
    private static final int LONGEST_PARAMETER = 2_048;
    private static final int MOST_BODY_BYTES = 64 * 1024;
    private static final int BAD_REQUEST = 400;
    private static final int TOO_LARGE = 413;

    private final StateJson state;
    private final OperatorTopics topics;
    private final AccessToken token;
    private final TopicReaders readers;

    ConsoleApi(StateJson state, OperatorTopics topics, AccessToken token, TopicReaders readers) {
        this.state = state;
        this.topics = topics;
        this.token = token;
        this.readers = readers;
    }

    void addTo(Routes routes, Renderer renderer) {
        routes.get("/api/state", renderer.handler(request -> answer(() -> state(request))))
                .get("/api/token", asked(this::checkToken))
                .get("/api/trace", asked(this::trace))
                .get("/api/dead-letter", asked(this::deadLetter))
                .post("/api/replay/plan", changing(this::planReplay))
                .post("/api/replay", changing(this::startReplay));
    }

    /** An answer in the making. */
    private interface Question {
        ObjectNode ask() throws ConsoleRefusal;
    }

    private interface Page {
        ObjectNode read(Request request) throws ConsoleRefusal;
    }

    private interface Change {
        ObjectNode make(ObjectNode body) throws ConsoleRefusal;
    }

    private static Request.Handler asked(Page page) {
        return (request, response, callback) -> {
            send(answer(() -> page.read(request)), response, callback);
            return true;
        };
    }

    /** The body comes when it comes: a thread is taken when it is complete. */
    private Request.Handler changing(Change change) {
        return (request, response, callback) -> {
            try {
                checkChange(request);
                if (request.getLength() > MOST_BODY_BYTES) {
                    // A client that is not done with writing might not see an answer before that.
                    Content.Source.consumeAll(
                            request,
                            Callback.from(() ->
                                    Answer.ending(callback, () -> send(refused(tooLarge()), response, callback))));
                    return true;
                }
                Content.Source.asByteArrayAsync(
                        request,
                        MOST_BODY_BYTES,
                        Promise.Invocable.from(
                                InvocationType.BLOCKING,
                                (content, failed) -> Answer.ending(callback, () -> {
                                    Answer answer = failed == null
                                            ? answer(() -> change.make(object(content)))
                                            : refused(incomplete(failed));
                                    send(answer, response, callback);
                                })));
            } catch (ConsoleRefusal refused) {
                send(refused(refused), response, callback);
            }
            return true;
        };
    }

    private static Answer answer(Question question) {
        return Answer.made(() -> {
            try {
                return json(200, question.ask());
            } catch (ConsoleRefusal refused) {
                return refused(refused);
            }
        });
    }

    private ObjectNode state(Request request) throws ConsoleRefusal {
        String after = parameter(request, "after");
        try {
            return state.at(Instant.now(), Instant.ofEpochMilli(after == null ? 0 : Long.parseLong(after)));
        } catch (NumberFormatException wrong) {
            throw new ConsoleRefusal(BAD_REQUEST, "after: no number (expected: milliseconds since 1970)");
        }
    }

    private ObjectNode checkToken(Request request) throws ConsoleRefusal {
        token.require(authorization(request));
        return JSON.createObjectNode().put("token", "right");
    }

    private ObjectNode trace(Request request) throws ConsoleRefusal {
        String id = required(request, "id");
        String tenant = parameter(request, "tenant");
        String since = parameter(request, "since");
        return readers.read(token.isRight(authorization(request)), () -> topics.trace(id, tenant, since));
    }

    private ObjectNode deadLetter(Request request) throws ConsoleRefusal {
        boolean withPrompt = Request.extractQueryParameters(request).get("prompt") != null;
        if (withPrompt) {
            token.require(authorization(request));
        }
        String id = required(request, "id");
        return readers.read(token.isRight(authorization(request)), () -> topics.deadLetter(id, withPrompt));
    }

    private ObjectNode planReplay(ObjectNode selection) throws ConsoleRefusal {
        return readers.read(true, () -> topics.planReplay(selection));
    }

    private ObjectNode startReplay(ObjectNode confirmed) throws ConsoleRefusal {
        return topics.startReplay(confirmed.path("plan").asString(""));
    }

    /** Before the body is read. A form of another site cannot send this content type unasked. */
    private void checkChange(Request request) throws ConsoleRefusal {
        token.require(authorization(request));
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null || !isJson(type)) {
            throw new ConsoleRefusal(415, "content-type: another one (expected: application/json)");
        }
    }

    /** The type itself, with whatever parameters. */
    private static boolean isJson(String type) {
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end))
                .strip()
                .toLowerCase(Locale.ROOT)
                .equals(JSON_TYPE);
    }

    private static ObjectNode object(byte[] body) throws ConsoleRefusal {
        try {
            if (JSON.readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException malformed) {
            // What it says may quote the body.
        }
        throw new ConsoleRefusal(BAD_REQUEST, "body: no JSON object");
    }

    private static ConsoleRefusal incomplete(Throwable failed) {
        // The server's word for more bytes than were allowed.
        return failed instanceof IllegalStateException
                ? tooLarge()
                : new ConsoleRefusal(BAD_REQUEST, "body: not complete");
    }

    private static ConsoleRefusal tooLarge() {
        return new ConsoleRefusal(TOO_LARGE, "body: too large (expected: " + MOST_BODY_BYTES + " bytes or fewer)");
    }

    private static String required(Request request, String name) throws ConsoleRefusal {
        String value = parameter(request, name);
        if (value == null) {
            throw new ConsoleRefusal(BAD_REQUEST, name + ": missing");
        }
        return value;
    }

    private static @Nullable String parameter(Request request, String name) throws ConsoleRefusal {
        String value = Request.extractQueryParameters(request).getValue(name);
        if (value != null && value.length() > LONGEST_PARAMETER) {
            throw new ConsoleRefusal(
                    BAD_REQUEST,
                    name + ": " + value.length() + " characters (expected: " + LONGEST_PARAMETER + " or fewer)");
        }
        return value == null || value.isBlank() ? null : value;
    }

    private static @Nullable String authorization(Request request) {
        return request.getHeaders().get(HttpHeader.AUTHORIZATION);
    }

    private static Answer refused(ConsoleRefusal refusal) {
        return json(refusal.status(), JSON.createObjectNode().put("error", String.valueOf(refusal.getMessage())));
    }

    private static Answer json(int status, ObjectNode body) {
        return new Answer(status, JSON_TYPE + "; charset=utf-8", JSON.writeValueAsBytes(body));
    }

    private static void send(Answer answer, Response response, Callback callback) {
        if (answer.status() == 401) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
        }
        answer.send(response, callback);
    }
}
