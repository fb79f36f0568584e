package dev.penstock.provider.openai;

import dev.penstock.fake.FakeProvider;
import dev.penstock.fake.FakeProviderSettings;
import dev.penstock.fake.FakeScript;
import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.ProviderReply.Answered;
import dev.penstock.provider.Secret;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Prints raw calls per second of the provider against the fake, a figure a second. Arguments: callers, seconds, latency of
 * the fake, and optionally the base URL of a fake in another process; {@code serve PORT} is that other process.
 */
final class ProviderBench {

    private static final ObjectNode BODY = body();

    private ProviderBench() {}

    public static void main(String[] args) throws Exception {
        if (args.length > 0 && args[0].equals("serve")) {
            serve(Integer.parseInt(args[1]), args.length > 2 ? args[2] : "");
            return;
        }
        int callers = args.length > 0 ? Integer.parseInt(args[0]) : 64;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 30;
        FakeScript script = FakeScript.parse("latency: " + (args.length > 2 ? args[2] : "0ms"));
        if (args.length > 3) {
            run(URI.create(args[3]), callers, seconds);
            return;
        }
        try (FakeProvider fake =
                FakeProvider.start(FakeProviderSettings.defaults().withScript(script))) {
            run(fake.baseUrl(), callers, seconds);
            System.out.println(fake.callLog().counts());
        }
    }

    private static void serve(int port, String script) throws IOException, InterruptedException {
        try (FakeProvider fake = FakeProvider.start(
                FakeProviderSettings.defaults().withPort(port).withScript(FakeScript.parse(script)))) {
            System.out.println("listening on " + fake.baseUrl());
            Thread.currentThread().join();
        }
    }

    private static void run(URI baseUrl, int callers, int seconds) throws InterruptedException {
        LongAdder answered = new LongAdder();
        LongAdder failed = new LongAdder();
        AtomicBoolean stop = new AtomicBoolean();
        OpenAiSettings settings =
                OpenAiSettings.of(baseUrl, Secret.of("sk-bench")).withMaxConnections(callers);
        List<Thread> threads = new ArrayList<>();
        try (OpenAiProvider provider = new OpenAiProvider(settings, InstantSource.system())) {
            for (int caller = 0; caller < callers; caller++) {
                String key = "bench-" + caller;
                threads.add(Thread.ofVirtual().start(() -> loop(provider, key, stop, answered, failed)));
            }
            report(seconds, answered, failed, provider);
            stop.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private static void loop(
            OpenAiProvider provider, String key, AtomicBoolean stop, LongAdder answered, LongAdder failed) {
        ProviderCall call = new ProviderCall(key, "/v1/chat/completions", BODY, Duration.ofSeconds(60), null);
        try {
            while (!stop.get()) {
                (provider.call(call) instanceof Answered ? answered : failed).increment();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void report(int seconds, LongAdder answered, LongAdder failed, OpenAiProvider provider)
            throws InterruptedException {
        long before = 0;
        long start = System.nanoTime();
        for (int second = 1; second <= seconds; second++) {
            Thread.sleep(1000);
            long now = answered.sum();
            System.out.printf(
                    "%3d s: %,8d calls/s, %d failed, %s, %d MB heap%n",
                    second, now - before, failed.sum(), provider.connections(), usedMegabytes());
            before = now;
        }
        System.out.printf("mean %,.0f calls/s%n", before * 1e9 / (System.nanoTime() - start));
    }

    private static long usedMegabytes() {
        return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20;
    }

    private static ObjectNode body() {
        ObjectNode body =
                new JsonMapper().createObjectNode().put("model", "bench-model").put("max_completion_tokens", 100);
        body.putArray("messages").addObject().put("role", "user").put("content", "Summarise this ticket. ".repeat(10));
        return body;
    }
}
