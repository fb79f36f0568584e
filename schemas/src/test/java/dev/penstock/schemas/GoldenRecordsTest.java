package dev.penstock.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Records as earlier versions wrote them, and what they were read as then. They are read to the same today; fields may have been added. {@code
 * -Dpenstock.update=true} writes the files of this version that are missing, and none anew.
 */
class GoldenRecordsTest {

    private static final Path GOLDEN = Path.of("src/test/resources/dev/penstock/schemas/golden");
    private static final Path POM = Path.of("..", "pom.xml");
    private static final String READ = ".read.json";
    private static final int MADE_UP = 6;

    static Stream<Path> golden() throws IOException {
        if (Boolean.getBoolean("penstock.update")) {
            writeMissing();
        }
        try (Stream<Path> files = Files.walk(GOLDEN)) {
            List<Path> records = files.filter(file -> file.toString().endsWith(".json"))
                    .filter(file -> !file.toString().endsWith(READ))
                    .sorted()
                    .toList();
            return records.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("golden")
    void shouldBeReadToTheSame(Path record) throws Exception {
        // When
        JsonNode now = read(kindOf(record), Files.readAllBytes(record));

        // Then
        JsonNode then = SchemaFiles.MAPPER.readTree(Files.readAllBytes(readOf(record)));
        assertThat(Kept.lost(then, now)).as("%s", now).isEmpty();
    }

    @Test
    void shouldHaveThemOfEveryKind() throws IOException {
        assertThat(golden().map(GoldenRecordsTest::kindOf).distinct())
                .containsExactlyInAnyOrderElementsOf(SchemaFiles.RECORDS);
    }

    private static String kindOf(Path record) {
        return record.getName(record.getNameCount() - 2).toString();
    }

    private static Path readOf(Path record) {
        String name = record.getFileName().toString();
        return record.resolveSibling(name.substring(0, name.length() - ".json".length()) + READ);
    }

    private static JsonNode read(String kind, byte[] bytes) throws MalformedRecordException {
        WireCodec codec = new WireCodec();
        Object record = switch (kind) {
            case "request" -> request(bytes);
            case "result" -> codec.readResult(bytes);
            case "outcome" -> codec.readOutcome(bytes);
            case "usage" -> codec.readUsageEvent(bytes);
            case "budget" -> codec.readBudgetStatus(bytes);
            case "redrive" -> codec.readRedriveMarker(bytes);
            case "alert" -> codec.readAlert(bytes);
            case "tenant-policy" -> codec.readTenantPolicy(bytes);
            case "dead-letter-headers" -> DeadLetterHeaders.fromHeaders(headers(bytes));
            default -> throw new IllegalArgumentException(kind + ": how is it read?");
        };
        return SchemaFiles.MAPPER.readTree(SchemaFiles.MAPPER.writeValueAsBytes(record));
    }

    private static Request request(byte[] bytes) {
        return switch (new RequestCodec(CodecLimits.DEFAULT).parse(bytes)) {
            case RequestCodec.Parsed.Accepted accepted -> accepted.request();
            case RequestCodec.Parsed.Refused refused -> throw new AssertionError(refused.toString());
        };
    }

    private static Map<String, String> headers(byte[] bytes) {
        Map<String, String> headers = new LinkedHashMap<>();
        SchemaFiles.MAPPER.readTree(bytes).forEachEntry((name, value) -> headers.put(name, value.stringValue()));
        return headers;
    }

    private static void writeMissing() throws IOException {
        for (String kind : SchemaFiles.RECORDS) {
            Path folder = Files.createDirectories(GOLDEN.resolve(version()).resolve(kind));
            for (Map.Entry<String, byte[]> record : records(kind).entrySet()) {
                Path file = folder.resolve(record.getKey());
                if (!Files.exists(file)) {
                    Files.write(file, record.getValue());
                    Files.writeString(readOf(file), pretty(kind, record.getValue()) + "\n");
                }
            }
        }
    }

    private static String pretty(String kind, byte[] record) {
        try {
            return SchemaFiles.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(read(kind, record));
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What this version writes: the examples, and whatever else can be made of what Penstock itself makes. */
    private static Map<String, byte[]> records(String kind) {
        Map<String, byte[]> records = new TreeMap<>();
        Examples.good(kind).forEach(example -> records.put(example.toString(), example.bytes()));
        for (int seed = 1; seed <= MADE_UP; seed++) {
            byte[] made = made(kind, new Generated(seed));
            if (made.length > 0) {
                records.put("made-up-" + seed + ".json", made);
            }
        }
        return records;
    }

    private static byte[] made(String kind, Generated any) {
        WireCodec codec = new WireCodec();
        return switch (kind) {
            case "result" -> codec.write(any.result());
            case "outcome" -> codec.write(any.outcome());
            case "usage" -> codec.write(any.usageEvent());
            case "budget" -> codec.write(any.budgetStatus());
            case "redrive" -> codec.write(any.redriveMarker());
            case "alert" -> codec.write(any.alert());
            case "tenant-policy" -> codec.write(any.tenantPolicy());
            case "dead-letter-headers" ->
                SchemaFiles.MAPPER.writeValueAsBytes(any.deadLetterHeaders().toHeaders());
            default -> new byte[0];
        };
    }

    /** Of what is built here, without what marks it as unreleased. */
    private static String version() throws IOException {
        String pom = Files.readString(POM);
        int start = pom.indexOf("<version>") + "<version>".length();
        return pom.substring(start, pom.indexOf("</version>")).replace("-SNAPSHOT", "");
    }
}
