package dev.penstock.provider.http;

import dev.penstock.provider.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.MessageHeaders;
import org.jspecify.annotations.Nullable;

/** What the headers of a refusal say about trying again. */
final class ErrorHeaders {

    private final MessageHeaders headers;

    ErrorHeaders(MessageHeaders headers) {
        this.headers = headers;
    }

    @Nullable
    Duration retryAfter(Instant now) {
        return RetryAfter.from(this::values, now).orElse(null);
    }

    @Nullable
    Boolean shouldRetry() {
        List<String> values = values("x-should-retry");
        if (values.size() != 1) {
            return null;
        }
        return switch (values.getFirst().strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        };
    }

    private List<String> values(String name) {
        return Stream.of(headers.getHeaders(name))
                .map(Header::getValue)
                .filter(value -> value != null)
                .toList();
    }
}
