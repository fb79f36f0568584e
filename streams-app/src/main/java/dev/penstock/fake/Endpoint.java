package dev.penstock.fake;

import java.io.IOException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** What is done with a request to one path. It may block. */
@FunctionalInterface
interface Endpoint {

    /**
     * Writes the whole response.
     *
     * @param body of the request
     * @throws BrokenOffException to end the connection where it is
     */
    void handle(Request request, byte[] body, Response response) throws IOException;
}
