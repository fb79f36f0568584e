package dev.penstock.fake;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Finds the endpoint of a request by method and path, and reads its body. Each request has a virtual thread, which may wait. */
final class Endpoints extends Handler.Abstract {

    private static final int MAX_REQUEST_BYTES = 64 * 1024 * 1024;

    private final Map<String, Endpoint> byLine;

    /**
     * @param byLine keys are a method, a space and a path
     */
    Endpoints(Map<String, Endpoint> byLine) {
        this.byLine = byLine;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws IOException {
        Endpoint endpoint = byLine.get(request.getMethod() + " " + Request.getPathInContext(request));
        if (endpoint == null) {
            refuse(response, HttpStatus.NOT_FOUND_404);
        } else if (request.getLength() > MAX_REQUEST_BYTES) {
            refuse(response, HttpStatus.PAYLOAD_TOO_LARGE_413);
        } else {
            try {
                endpoint.handle(request, body(request), response);
            } catch (BrokenOffException brokenOff) {
                request.getConnectionMetaData().getConnection().getEndPoint().close();
                callback.failed(new EofException(brokenOff.getMessage()));
                return true;
            }
        }
        callback.succeeded();
        return true;
    }

    private static byte[] body(Request request) throws IOException {
        if (request.getLength() == 0) {
            return new byte[0];
        }
        try (InputStream body = Content.Source.asInputStream(request)) {
            byte[] read = body.readNBytes(MAX_REQUEST_BYTES + 1);
            if (read.length > MAX_REQUEST_BYTES) {
                throw new BrokenOffException("too large");
            }
            return read;
        }
    }

    private static void refuse(Response response, int status) throws IOException {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        Content.Sink.write(response, true, ByteBuffer.allocate(0));
    }
}
