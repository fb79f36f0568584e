package dev.penstock.provider;

import dev.penstock.schemas.FailureClass;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** How long gates were closed, by cause; a closing counts whole when it begins. */
final class ClosedTime {

    private final Map<FailureClass, LongAdder> millis = new EnumMap<>(FailureClass.class);

    ClosedTime() {
        for (FailureClass cause : FailureClass.values()) {
            millis.put(cause, new LongAdder());
        }
    }

    void add(FailureClass cause, Duration closed) {
        Objects.requireNonNull(millis.get(cause)).add(closed.toMillis());
    }

    double seconds(FailureClass cause) {
        return Objects.requireNonNull(millis.get(cause)).sum() / 1000.0;
    }
}
