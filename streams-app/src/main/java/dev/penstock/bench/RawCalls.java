package dev.penstock.bench;

import dev.penstock.provider.Provider;
import dev.penstock.provider.ProviderCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** How many calls a second the HTTP client makes against the provider when nothing else runs. */
final class RawCalls {

    private static final int CALLERS = 64;
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(5);
    private static final Duration MEASURED = Duration.ofSeconds(5);

    private RawCalls() {}

    /** @param warmUp calls before the measurement; five seconds of them are enough */
    static double perSecond(Provider provider, int payloadBytes, Duration warmUp) throws InterruptedException {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.put("model", "fake-1");
        body.putArray("messages").addObject().put("role", "user").put("content", "x".repeat(payloadBytes));
        LongAdder calls = new LongAdder();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(Thread.ofVirtual().start(() -> callUntilInterrupted(provider, body, calls)));
        }
        TimeUnit.SECONDS.sleep(Math.min(warmUp.toSeconds(), LONGEST_WARM_UP.toSeconds()));
        long before = calls.sum();
        long start = System.nanoTime();
        TimeUnit.SECONDS.sleep(MEASURED.toSeconds());
        double perSecond = (calls.sum() - before) * 1e9 / (System.nanoTime() - start);
        callers.forEach(Thread::interrupt);
        for (Thread caller : callers) {
            caller.join();
        }
        return Math.round(perSecond);
    }

    private static void callUntilInterrupted(Provider provider, ObjectNode body, LongAdder calls) {
        ProviderCall call = new ProviderCall("bench", "/v1/chat/completions", body, Duration.ofSeconds(60), null);
        try {
            while (!Thread.currentThread().isInterrupted()) {
                provider.call(call);
                calls.increment();
            }
        } catch (InterruptedException ended) {
            // the end of the measurement
        }
    }
}
