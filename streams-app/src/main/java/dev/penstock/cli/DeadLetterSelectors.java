package dev.penstock.cli;

import dev.penstock.deadletters.DeadLetterSelection;
import dev.penstock.schemas.DeadLetterCode;
import dev.penstock.schemas.Stage;
import dev.penstock.schemas.Tenant;
import dev.penstock.work.RequestId;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which dead letters are meant: the same for every command about them. */
final class DeadLetterSelectors {

    private static final int MAX_SHOWN = 60;

    @Option(names = "--code", paramLabel = "CODE", description = "Of this code, such as provider.timeout. Repeatable.")
    private List<String> codes = List.of();

    @Option(names = "--stage", paramLabel = "STAGE", description = "Of this stage, such as provider. Repeatable.")
    private List<String> stages = List.of();

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Of this tenant; only its partition is read.")
    private @Nullable String tenant;

    @Option(names = "--since", paramLabel = "TIME", description = "Written from then on: 10m ago, or RFC 3339.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Written before then: 10m ago, or RFC 3339.")
    private @Nullable String until;

    @Option(
            names = "--retryable",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Only those that may succeed unchanged; =false: only the others.")
    private @Nullable Boolean retryable;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "topic-partition-offset of the dead letter, or of its request. Repeatable.")
    private Set<String> ids = new HashSet<>();

    @Option(
            names = "--where",
            paramLabel = "KEY=VALUE",
            description = "With this header, llm.dlq. may be left out: --where attempts=3. Repeatable; all must hold.")
    private Map<String, String> where = new HashMap<>();

    DeadLetterSelection selection(Instant now) throws CommandFailure {
        if (tenant != null && !Tenant.isValid(tenant)) {
            throw wrong("--tenant", tenant, "1..128 characters of A-Z a-z 0-9 . _ / -");
        }
        Instant from = since == null ? null : SinceText.read("--since", since, now);
        Instant to = until == null ? null : SinceText.read("--until", until, now);
        if (from != null && to != null && !from.isBefore(to)) {
            throw wrong("--until", String.valueOf(until), "a time after --since, " + from);
        }
        return new DeadLetterSelection(codes(), stages(), tenant, from, to, retryable, ids(), where);
    }

    /** A name that cannot be one would select nothing, and nobody would know why. */
    private Set<String> ids() throws CommandFailure {
        for (String id : ids) {
            if (RequestId.parse(id) == null) {
                throw wrong("--id", id, "topic-partition-offset, such as llm.dead-letters-3-17");
            }
        }
        return ids;
    }

    private Set<DeadLetterCode> codes() throws CommandFailure {
        Set<DeadLetterCode> known = EnumSet.noneOf(DeadLetterCode.class);
        for (String code : codes) {
            known.add(DeadLetterCode.fromCode(code)
                    .orElseThrow(() -> wrong("--code", code, "one of docs/dead-letter-codes.md")));
        }
        return known;
    }

    private Set<Stage> stages() throws CommandFailure {
        Set<Stage> known = EnumSet.noneOf(Stage.class);
        for (String name : stages) {
            known.add(stage(name).orElseThrow(() -> wrong("--stage", name, stageNames())));
        }
        return known;
    }

    private static Optional<Stage> stage(String name) {
        return Arrays.stream(Stage.values())
                .filter(stage -> stage.wireName().equals(name))
                .findFirst();
    }

    private static String stageNames() {
        return Arrays.stream(Stage.values()).map(Stage::wireName).collect(Collectors.joining("|"));
    }

    private static CommandFailure wrong(String option, String value, String rule) {
        return CommandFailure.usage(option + ": " + Cell.escaped(value, MAX_SHOWN) + " (expected: " + rule + ")");
    }
}
