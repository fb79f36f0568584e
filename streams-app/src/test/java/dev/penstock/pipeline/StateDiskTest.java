package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

class StateDiskTest {

    private static final Path DIRECTORY = Path.of("/var/lib/penstock/one");
    private static final String FULL =
            "instance.state_dir: /var/lib/penstock/one: no space is left on the device (expected: room for state; free some, and start again)";

    @Test
    void shouldKnowAFullDiskHoweverDeepItIsSaid() {
        // Given
        var byCode = new RocksDBException("x", new Status(Status.Code.IOError, Status.SubCode.NoSpace, "x"));
        var byWords = new IOException("write: No space left on device");

        // Then
        assertThat(StateDisk.full(DIRECTORY, new StreamsException(new ProcessorStateException(byCode))))
                .contains(FULL);
        assertThat(StateDisk.full(DIRECTORY, new StreamsException(byWords))).contains(FULL);
    }

    @Test
    void shouldNotTakeOtherFailuresForAFullDisk() {
        assertThat(StateDisk.full(DIRECTORY, new StreamsException("No space left on device, says a message")))
                .isEmpty();
        assertThat(StateDisk.full(DIRECTORY, new IOException("Permission denied")))
                .isEmpty();
    }

    @Test
    void shouldSayInOneLineWhyStateCannotBeOpened() {
        // Given
        var corrupt =
                new ProcessorStateException("Error opening store cache", new RocksDBException("Corruption: CURRENT"));
        var full = new ProcessorStateException("Error opening store cache", new IOException("No space left on device"));

        // Then
        assertThat(StateDisk.unusable(DIRECTORY, corrupt))
                .startsWith(
                        "instance.state_dir: /var/lib/penstock/one: what is there cannot be opened: Corruption: CURRENT")
                .endsWith("restored from Kafka)")
                .hasLineCount(1);
        assertThat(StateDisk.unusable(DIRECTORY, full)).isEqualTo(FULL);
    }
}
