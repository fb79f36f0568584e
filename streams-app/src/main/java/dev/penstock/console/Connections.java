package dev.penstock.console;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the connections of a listener that its policy names. Jetty's own idle limit ends no client that drips. */
final class Connections extends Handler.Wrapper implements Connection.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final long LOOK_MILLIS = 100;

    private final ConnectionPolicy<EndPoint> policy;
    private final int requests;
    private volatile Scheduler.@Nullable Task next;

    /** @param requests that a connection is good for, so that one which asks without a pause holds no thread for long */
    Connections(ConnectionPolicy<EndPoint> policy, int requests, Handler handler) {
        super(handler);
        this.policy = policy;
        this.requests = requests;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        scheduleLook();
    }

    @Override
    protected void doStop() throws Exception {
        Scheduler.Task task = next;
        if (task != null) {
            task.cancel();
        }
        super.doStop();
    }

    @Override
    public void onOpened(Connection connection) {
        policy.opened(connection.getEndPoint(), System.nanoTime()).ifPresent(Connections::end);
    }

    @Override
    public void onClosed(Connection connection) {
        policy.closed(connection.getEndPoint());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Connection asking = request.getConnectionMetaData().getConnection();
        if (asking.getMessagesIn() >= requests) {
            response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
        }
        EndPoint connection = asking.getEndPoint();
        policy.asked(connection, System.nanoTime());
        Request.addCompletionListener(request, failed -> policy.read(connection, System.nanoTime()));
        return super.handle(request, new Noted(request, response, connection), callback);
    }

    private void scheduleLook() {
        next = getServer().getScheduler().schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            policy.overdue(System.nanoTime()).forEach(Connections::end);
        } finally {
            if (isRunning() || isStarting()) {
                scheduleLook();
            }
        }
    }

    /** One that does not end in order must not keep the others. */
    private static void end(EndPoint connection) {
        try {
            connection.close();
        } catch (RuntimeException | Error failed) {
            LOG.debug("a connection did not end in order", failed);
        }
    }

    /** A response whose first write is noted. */
    private final class Noted extends Response.Wrapper {

        private final EndPoint connection;

        Noted(Request request, Response response, EndPoint connection) {
            super(request, response);
            this.connection = connection;
        }

        @Override
        public void write(boolean last, @Nullable ByteBuffer content, Callback callback) {
            policy.answered(connection, content == null ? 0 : content.remaining());
            super.write(last, content, callback);
        }
    }
}
