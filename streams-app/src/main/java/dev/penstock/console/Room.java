package dev.penstock.console;

import java.util.concurrent.Semaphore;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Bounds how many requests are answered at once; the next one is told to come again. Probes always have room. */
final class Room extends Handler.Wrapper {

    private final Semaphore places;

    Room(int places, Handler handler) {
        super(handler);
        this.places = new Semaphore(places);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (Guard.PROBES.contains(Routes.pathOf(request))) {
            return super.handle(request, response, callback);
        }
        if (places.tryAcquire()) {
            Request.addCompletionListener(request, failed -> places.release());
            return super.handle(request, response, callback);
        }
        response.getHeaders().put("Retry-After", "1");
        Answer.text(503, "busy: too many requests at once\n").send(response, callback);
        return true;
    }
}
