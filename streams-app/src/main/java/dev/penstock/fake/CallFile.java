package dev.penstock.fake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Appends lines to a file in groups: all that came while the last group was written go out together. */
final class CallFile implements AutoCloseable {

    private final FileChannel channel;
    private final boolean fsync;
    private final Thread writer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private Group group = new Group();
    private boolean closed;

    private static final class Group {
        final ByteArrayOutputStream lines = new ByteArrayOutputStream();
        final CompletableFuture<Void> written = new CompletableFuture<>();
    }

    private CallFile(FileChannel channel, boolean fsync) {
        this.channel = channel;
        this.fsync = fsync;
        this.writer = Thread.ofPlatform().daemon().name("fake-call-log").unstarted(this::writeGroups);
    }

    static CallFile open(Path path, boolean fsync) throws IOException {
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        CallFile file = new CallFile(channel, fsync);
        file.writer.start();
        return file;
    }

    /**
     * Returns once the line is written.
     *
     * @throws UncheckedIOException if it cannot be
     */
    void append(byte[] line) {
        try {
            enqueue(line).written.join();
        } catch (RuntimeException e) {
            throw new UncheckedIOException(new IOException("call log cannot be written", e));
        }
    }

    /** Does not wait; a line that cannot be written any more is lost. */
    void appendLater(byte[] line) {
        enqueue(line);
    }

    private Group enqueue(byte[] line) {
        lock.lock();
        try {
            if (closed) {
                Group late = new Group();
                late.written.completeExceptionally(new ClosedChannelException());
                return late;
            }
            group.lines.writeBytes(line);
            filled.signal();
            return group;
        } finally {
            lock.unlock();
        }
    }

    private void writeGroups() {
        try (channel) {
            for (Group next = nextGroup(); next.lines.size() > 0; next = nextGroup()) {
                write(next);
            }
        } catch (IOException onClose) {
            throw new UncheckedIOException(onClose);
        }
    }

    /** An empty group is the last one. */
    private Group nextGroup() {
        lock.lock();
        try {
            while (group.lines.size() == 0 && !closed) {
                filled.awaitUninterruptibly();
            }
            Group full = group;
            group = new Group();
            return full;
        } finally {
            lock.unlock();
        }
    }

    private void write(Group full) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(full.lines.toByteArray());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (fsync) {
                channel.force(false);
            }
            full.written.complete(null);
        } catch (IOException e) {
            full.written.completeExceptionally(e);
        }
    }

    /** Writes what is left. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            filled.signal();
        } finally {
            lock.unlock();
        }
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
