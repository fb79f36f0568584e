package dev.penstock.cli;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Posts to one address, with an end to its patience. Of an answer only the head is read. The address may hold a token, so it is never printed
 * whole.
 */
final class Webhook implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int ATTEMPTS = 3;
    private static final int TIMEOUT_STATUS = 408;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;

    private final URI address;
    private final Duration timeout;
    private final Duration pause;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();

    /** What came of a post. */
    sealed interface Posted {

        record Taken() implements Posted {}

        /** Another alert may fare better. */
        record Failed(String why) implements Posted {}

        /** No alert will: the address or its token is wrong. */
        record Refused(String why) implements Posted {}
    }

    /**
     * @param timeout of each attempt, from the connection to the end of the answer's head
     * @param pause before the second attempt; doubled before the third
     */
    Webhook(URI address, Duration timeout, Duration pause) {
        this.address = address;
        this.timeout = timeout;
        this.pause = pause;
    }

    static URI address(String text) throws CommandFailure {
        try {
            URI address = URI.create(text);
            String scheme =
                    address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
            if (address.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
                return address;
            }
        } catch (IllegalArgumentException noUri) {
            // Falls through to the one message.
        }
        throw CommandFailure.usage("--webhook: not an address (expected: http://... or https://...)");
    }

    Posted post(String json) throws InterruptedException {
        Posted posted = attempt(json);
        for (int attempt = 2; attempt <= ATTEMPTS && posted instanceof Posted.Failed; attempt++) {
            Thread.sleep(pause.multipliedBy(attempt - 1L));
            posted = attempt(json);
        }
        return posted;
    }

    private Posted attempt(String json) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        CompletableFuture<Integer> status = new CompletableFuture<>();
        CompletableFuture<HttpResponse<Void>> exchange = client.sendAsync(request, head -> {
            status.complete(head.statusCode());
            return BodySubscribers.discarding();
        });
        try {
            return judged(exchange.thenApply(HttpResponse::statusCode)
                    .applyToEither(status, first -> first)
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException slow) {
            return new Posted.Failed(name() + ": no answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException unreachable) {
            return new Posted.Failed(name() + ": cannot be reached");
        } finally {
            // Whatever is left of the answer. The client's own time limit ends with the head.
            exchange.cancel(true);
        }
    }

    private Posted judged(int status) {
        if (status >= 200 && status < 300) {
            return new Posted.Taken();
        }
        String why = name() + ": status " + status + " (expected: 2xx)";
        boolean mayPass = status >= SERVER_ERROR || status == TOO_MANY || status == TIMEOUT_STATUS;
        return mayPass ? new Posted.Failed(why) : new Posted.Refused(why);
    }

    /** For operators. */
    String name() {
        return "webhook " + address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
