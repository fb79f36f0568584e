package dev.penstock.pipeline;

import dev.penstock.dispatch.Launch;
import dev.penstock.schemas.MalformedRecordException;
import dev.penstock.schemas.Result;
import dev.penstock.schemas.UsageEvent;
import dev.penstock.schemas.WireCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.streams.test.TestRecord;

/** Requests that may share a prompt, each asking with its own name, and what becomes of them. */
final class BatchRig {

    static final String ON = "batching.enabled=true";
    static final Duration WINDOW = Duration.ofMillis(250);

    private static final int FULL = 10;

    private final WireCodec codec = new WireCodec();
    private final TestPipeline pipeline;

    BatchRig(TestPipeline pipeline) {
        this.pipeline = pipeline;
    }

    /** One that allows it. */
    static String request(String name, String more) {
        return plain(name, ",\"batch\":\"allow\"" + more);
    }

    /** One that does not say. */
    static String plain(String name, String more) {
        return Requests.request(name, more).replace("hello", name);
    }

    /** Requests {@code a-0} and so on. */
    void ask(int count) {
        for (int i = 0; i < count; i++) {
            pipeline.send("acme", request("a-" + i, ""));
        }
        pipeline.commit();
    }

    /** The one call of so many. */
    Launch askedTogether(int count) {
        ask(count);
        if (count < FULL) {
            closeWindows();
        }
        return pipeline.takeOneLaunched();
    }

    void closeWindows() {
        pipeline.advance(WINDOW);
        pipeline.commit();
    }

    List<Result> results() throws MalformedRecordException {
        List<Result> results = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : pipeline.results()) {
            results.add(codec.readResult(record.value()));
        }
        return results;
    }

    List<UsageEvent> usage() throws MalformedRecordException {
        List<UsageEvent> events = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : pipeline.usage()) {
            events.add(codec.readUsageEvent(record.value()));
        }
        return events;
    }

    /** What each was answered, by its name. */
    static Map<String, String> texts(List<Result> results) {
        Map<String, String> texts = new TreeMap<>();
        results.forEach(result -> texts.put(
                result.customId(),
                result.response().body().at("/choices/0/message/content").asString("")));
        return texts;
    }
}
