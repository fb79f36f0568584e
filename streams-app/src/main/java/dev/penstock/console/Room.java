package dev.penstock.console;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many answers are in the making at once; the next request is told to come again. Probes and scrapes always have room: they cost nothing, or
 * the same for one as for many. Who does not read an answer takes no room: it is made, and no thread writes it. Who leaves before it is made
 * gives no room back: the work is still to be done.
 */
final class Room extends Handler.Wrapper {

    private static final Set<String> ALWAYS = Set.of("/livez", "/readyz", "/metrics");

    private final Semaphore places;

    Room(int places, Handler handler) {
        super(handler);
        this.places = new Semaphore(places);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (ALWAYS.contains(Routes.pathOf(request))) {
            return super.handle(request, response, callback);
        }
        if (places.tryAcquire()) {
            Place place = new Place();
            Request.addCompletionListener(request, failed -> place.leave());
            return super.handle(request, new Leaving(request, response, place), callback);
        }
        response.getHeaders().put("Retry-After", "1");
        Answer.text(503, "busy: too many requests at once\n").send(response, callback);
        return true;
    }

    private final class Place {

        private final AtomicBoolean left = new AtomicBoolean();

        void leave() {
            if (left.compareAndSet(false, true)) {
                places.release();
            }
        }
    }

    /** A response whose first write gives the place back. */
    private static final class Leaving extends Response.Wrapper {

        private final Place place;

        Leaving(Request request, Response response, Place place) {
            super(request, response);
            this.place = place;
        }

        @Override
        public void write(boolean last, @Nullable ByteBuffer content, Callback callback) {
            place.leave();
            super.write(last, content, callback);
        }
    }
}
