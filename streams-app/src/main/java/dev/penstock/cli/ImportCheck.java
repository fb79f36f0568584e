package dev.penstock.cli;

import dev.penstock.schemas.CodecLimits;
import dev.penstock.schemas.Request;
import dev.penstock.schemas.RequestCodec;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Holds every line of a file against what intake will ask of it, before anything is written: a batch is whole or is not. */
final class ImportCheck {

    private static final int MOST_NAMED = 20;
    private static final int MAX_SHOWN = 80;

    private final RequestCodec codec;
    private final @Nullable String tenant;
    private final PrintStream err;
    private final Map<String, Long> lineOf = new HashMap<>();
    private long lines;
    private long wrong;

    /**
     * @param maxBytes what intake takes, {@code intake.max_bytes}
     * @param tenant whose lines they are that name none; null for the default
     */
    ImportCheck(int maxBytes, @Nullable String tenant, PrintStream err) {
        CodecLimits limits = CodecLimits.DEFAULT;
        this.codec = new RequestCodec(new CodecLimits(
                maxBytes - BatchStamp.MAX_BYTES,
                limits.maxDepth(),
                limits.maxStringLength(),
                limits.maxNumberLength(),
                limits.maxValues() - BatchStamp.MAX_VALUES));
        this.tenant = tenant;
        this.err = err;
    }

    void check(LineReader.Line line) {
        lines++;
        problem(line).ifPresent(problem -> {
            wrong++;
            if (wrong <= MOST_NAMED) {
                err.println("line " + line.number() + ": " + problem);
            }
        });
    }

    long lines() {
        return lines;
    }

    long wrong() {
        return wrong;
    }

    private Optional<String> problem(LineReader.Line line) {
        return switch (codec.parse(line.value())) {
            case RequestCodec.Parsed.Refused refused ->
                Optional.of(refused.code().code() + ": " + Cell.escaped(refused.detail(), MAX_SHOWN * 3));
            case RequestCodec.Parsed.Accepted accepted -> problem(accepted.request(), line.number());
        };
    }

    private Optional<String> problem(Request request, long number) {
        if (tenant != null && request.tenant() != null && !tenant.equals(request.tenant())) {
            return Optional.of("tenant: another one than --tenant (expected: absent, or the same)");
        }
        Long earlier = lineOf.putIfAbsent(request.customId(), number);
        return earlier == null
                ? Optional.empty()
                : Optional.of("custom_id: " + Cell.escaped(request.customId(), MAX_SHOWN) + ": used on line " + earlier
                        + " already (expected: each once in a file)");
    }
}
