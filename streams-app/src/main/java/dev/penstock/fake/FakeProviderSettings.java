package dev.penstock.fake;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the fake provider is started.
 *
 * @param host to listen on
 * @param port to listen on, 0 for any free one
 * @param script what it does until it is told otherwise
 * @param callLog a file to which every call is appended before it is answered, if any
 * @param fsync whether a call is on the disk, not only with the operating system, before it is answered
 * @param keptCalls how many calls the log in memory holds, the newest
 */
public record FakeProviderSettings(
        String host, int port, FakeScript script, @Nullable Path callLog, boolean fsync, int keptCalls) {

    public static final int DEFAULT_KEPT_CALLS = 200_000;

    /** Any free port on this machine alone, plain answers, no file. */
    public static FakeProviderSettings defaults() {
        return new FakeProviderSettings("127.0.0.1", 0, FakeScript.PLAIN, null, false, DEFAULT_KEPT_CALLS);
    }

    public FakeProviderSettings withPort(int other) {
        return new FakeProviderSettings(host, other, script, callLog, fsync, keptCalls);
    }

    public FakeProviderSettings withScript(FakeScript other) {
        return new FakeProviderSettings(host, port, other, callLog, fsync, keptCalls);
    }

    public FakeProviderSettings withCallLog(Path file, boolean sync) {
        return new FakeProviderSettings(host, port, script, file, sync, keptCalls);
    }
}
