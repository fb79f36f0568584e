package dev.penstock.console;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What the server refuses by itself: the status in words, and nothing of the request or of what went wrong. */
final class PlainErrors implements Request.Handler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof HttpException refusal
                ? refusal.getCode()
                : response.getStatus();
        Guard.addHeaders(response);
        Answer.text(status, HttpStatus.getMessage(status) + "\n").send(response, callback);
        return true;
    }
}
