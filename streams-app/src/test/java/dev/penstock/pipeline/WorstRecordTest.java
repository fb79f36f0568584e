package dev.penstock.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import dev.penstock.schemas.CodecLimits;
import dev.penstock.schemas.RequestCodec;
import dev.penstock.schemas.Trim;
import dev.penstock.trimming.Trimmer;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A text is in two halves: a longer string is refused. What the most expensive records cost the thread that reads them, and the thread of a call. Prints figures. */
@Tag("by-hand")
class WorstRecordTest {

    private static final int BYTES = 900_000;
    private static final String[] ALL_ON = {
        "intake.max_bytes=1MiB",
        "cache.enabled=true",
        "batching.enabled=true",
        "budgets.enabled=true",
        "budgets.max_tokens=1000000000000",
        "budgets.tokenizer=o200k_base",
        "targets.one.model=m",
        "targets.one.context_tokens=1000000",
        "targets.two.model=n",
        "targets.three.model=o",
        "tiers.simple.chain=one,two,three",
        "tiers.medium.chain=one,two,three",
        "tiers.complex.chain=one,two,three"
    };

    static Map<String, String> bodies() {
        Random random = new Random(7);
        Map<String, String> bodies = new LinkedHashMap<>();
        bodies.put("prose", content("The quick brown fox jumps over the lazy dog. ".repeat(BYTES / 45 / 2)));
        bodies.put("one letter", content("a".repeat(BYTES / 2)));
        bodies.put("one capital", content("A".repeat(BYTES / 2)));
        bodies.put("spaces", content(" ".repeat(BYTES / 2)));
        bodies.put("line ends", content("\\n".repeat(BYTES / 2 / 2)));
        bodies.put("tabs", content("\\t".repeat(BYTES / 2 / 2)));
        bodies.put("digits", content("7".repeat(BYTES / 2)));
        bodies.put("marks", content("!".repeat(BYTES / 2)));
        bodies.put("slashes", content("/".repeat(BYTES / 2)));
        bodies.put("apostrophes", content("'s".repeat(BYTES / 2 / 2)));
        bodies.put("space and letter", content(" a".repeat(BYTES / 2 / 2)));
        bodies.put("letters and capitals", content("aA".repeat(BYTES / 2 / 2)));
        bodies.put("random letters", content(text(random, BYTES / 2, 'a', 26)));
        bodies.put("random ASCII", content(text(random, BYTES / 2, '#', 57)));
        bodies.put("random Han", content(text(random, BYTES / 6, '一', 20_000)));
        bodies.put("one Han", content("一".repeat(BYTES / 3 / 2)));
        bodies.put("combining marks", content("\u0301".repeat(BYTES / 2 / 2)));
        bodies.put("emoji", content("\uD83D\uDE00".repeat(BYTES / 4 / 2)));
        bodies.put("escapes", content("\\u0041".repeat(BYTES / 6 / 2)));
        bodies.put(
                "messages",
                "{\"model\":\"auto\",\"messages\":[" + list(BYTES / 30, n -> "{\"role\":\"user\",\"content\":\"x\"}")
                        + "]}");
        bodies.put("empty messages", "{\"model\":\"auto\",\"messages\":[" + list(BYTES / 3, n -> "{}") + "]}");
        bodies.put("numbers for messages", "{\"model\":\"auto\",\"messages\":[" + list(BYTES / 2, n -> "1") + "]}");
        bodies.put(
                "parts",
                "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":["
                        + list(BYTES / 28, n -> "{\"type\":\"text\",\"text\":\"x\"}") + "]}]}");
        bodies.put(
                "tools",
                "{\"model\":\"auto\",\"messages\":[],\"tools\":[" + list(BYTES / 20, n -> "{\"type\":\"function\"}")
                        + "]}");
        bodies.put(
                "tool results",
                "{\"model\":\"auto\",\"messages\":[{\"role\":\"assistant\",\"tool_calls\":["
                        + list(BYTES / 30, n -> "{\"id\":\"" + n + "\"}") + "]},"
                        + list(BYTES / 100, n -> "{\"role\":\"tool\",\"tool_call_id\":\"" + n + "\"}") + "]}");
        bodies.put(
                "fields",
                "{\"model\":\"auto\",\"messages\":[],\"x\":{" + list(BYTES / 12, n -> "\"" + n + "\":" + n) + "}}");
        bodies.put(
                "fields of the body",
                "{\"model\":\"auto\",\"messages\":[]," + list(BYTES / 12, n -> "\"" + n + "\":" + n) + "}");
        bodies.put(
                "numbers", "{\"model\":\"auto\",\"messages\":[],\"x\":[" + list(BYTES / 12, n -> "1e999999999") + "]}");
        bodies.put(
                "long numbers",
                "{\"model\":\"auto\",\"messages\":[],\"x\":["
                        + list(BYTES / 110, n -> "1." + "7".repeat(100) + "e99999") + "]}");
        bodies.put(
                "arrays",
                "{\"model\":\"auto\",\"messages\":[],\"x\":[" + list(BYTES / 121, n -> "[".repeat(60) + "]".repeat(60))
                        + "]}");
        return bodies;
    }

    private static String content(String text) {
        String message = "{\"role\":\"user\",\"content\":\"" + text + "\"}";
        return "{\"model\":\"auto\",\"messages\":[" + message + "," + message + "]}";
    }

    private static String list(int size, IntFunction<String> element) {
        return IntStream.range(0, size).mapToObj(element).collect(Collectors.joining(","));
    }

    private static String text(Random random, int length, char first, int of) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            char next = (char) (first + random.nextInt(of));
            text.append(next == '\\' ? '-' : next);
        }
        return text.toString();
    }

    @Test
    void shouldTellWhatEachRecordCosts() {
        for (int round = 0; round < 3; round++) {
            try (TestPipeline pipeline = new TestPipeline(ALL_ON)) {
                bodies().forEach((name, body) -> cost(pipeline, name, body));
            }
        }
    }

    private static void cost(TestPipeline pipeline, String name, String body) {
        String line = "{\"custom_id\":\"c\",\"idempotency_key\":\"" + name + "\",\"body\":" + body + "}";
        int deadLetters = pipeline.deadLetters().size();
        long intake = cpuMillis(() -> pipeline.send("tenant", line.getBytes(UTF_8)));
        long commit = cpuMillis(pipeline::commit);
        int launched = pipeline.takeLaunched().size();
        boolean refused = pipeline.deadLetters().size() > deadLetters;
        long[] trimmed = new long[2];
        if (new RequestCodec(CodecLimits.DEFAULT.withMaxBytes(1 << 20)).parse(line.getBytes(UTF_8))
                instanceof RequestCodec.Parsed.Accepted accepted) {
            for (int i = 0; i < 2; i++) {
                Trimmer trimmer = Trimmer.of(PenstockConfig.of(ALL_ON).targets());
                Trim trim = new Trim(i == 0 ? 1_000 : 100_000);
                trimmed[i] =
                        cpuMillis(() -> trimmer.fit("one", accepted.request().body(), trim, 0, 100));
            }
        }
        System.out.printf(
                "%-22s %,9d bytes: intake %,6d ms, commit %,6d ms; launched %d%s; trim to 1k %,6d ms, to 100k %,6d ms%n",
                name, line.length(), intake, commit, launched, refused ? " refused" : "", trimmed[0], trimmed[1]);
        assertThat(launched).isBetween(0, 1);
    }

    private static long cpuMillis(Runnable work) {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        work.run();
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1_000_000;
    }
}
