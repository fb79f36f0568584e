package dev.penstock.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Notices that the disk of the state stays full. RocksDB often says so when a store is written, but where it is about to
 * flush it rather waits for room, and the stream thread with it, for ever and without a word.
 */
final class DiskWatch implements AutoCloseable {

    /** So long without room is more than a compaction or a rotated log needs. */
    static final int PATIENCE = 10;

    /** Less than one page is no room. */
    private static final long LEAST_BYTES = 4_096;

    /** Tells how much room there is. */
    interface Room {
        long bytes() throws IOException;
    }

    private final Room room;
    private final Consumer<IOException> onFull;
    private final OnceASecond looks = new OnceASecond("disk-watch", this::look);
    private boolean hadRoom;
    private int looksWithoutRoom;

    /** @param onFull is told once for each time that the disk stays full */
    DiskWatch(Room room, Consumer<IOException> onFull) {
        this.room = room;
        this.onFull = onFull;
    }

    /** For the disk that has the directory. */
    static DiskWatch of(Path directory, Consumer<IOException> onFull) {
        return new DiskWatch(() -> Files.getFileStore(directory).getUsableSpace(), onFull);
    }

    /** Looks once a second from now on. */
    void start() {
        looks.start();
    }

    /** A disk of which no room is known from the start on is one that cannot tell: stores fail at a start without room. */
    void look() {
        boolean hasRoom = hasRoom();
        hadRoom |= hasRoom;
        looksWithoutRoom = hasRoom ? 0 : looksWithoutRoom + 1;
        if (hadRoom && looksWithoutRoom == PATIENCE) {
            onFull.accept(new IOException("No space left on device"));
        }
    }

    /** Where nobody can say, the stores will. */
    private boolean hasRoom() {
        try {
            return room.bytes() >= LEAST_BYTES;
        } catch (IOException unknown) {
            return true;
        }
    }

    @Override
    public void close() {
        looks.close();
    }
}
