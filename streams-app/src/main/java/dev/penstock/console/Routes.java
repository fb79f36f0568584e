package dev.penstock.console;

import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** All that there is, by method and path. The path counts as it was sent: no other spelling leads anywhere. */
final class Routes extends Handler.Abstract {

    private final Map<String, Request.Handler> handlers = new HashMap<>();

    Routes get(String path, Request.Handler handler) {
        handlers.put("GET " + path, handler);
        return this;
    }

    Routes post(String path, Request.Handler handler) {
        handlers.put("POST " + path, handler);
        return this;
    }

    /** The path of a request, as it was sent. */
    static String pathOf(Request request) {
        return String.valueOf(request.getHttpURI().getPath());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Request.Handler handler = handlers.get(request.getMethod() + " " + pathOf(request));
        if (handler != null) {
            return handler.handle(request, response, callback);
        }
        Answer.text(404, "not found\n").send(response, callback);
        return true;
    }
}
