package dev.penstock;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MemoryTest {

    private static final long MIB = 1 << 20;

    @Test
    void shouldSayWhatIsLeftBesideTheHeapAndWhatThatIsFor() {
        // When / Then
        assertThatThrownBy(() -> Memory.check(811 * MIB, 406 * MIB, 256 * MIB))
                .isInstanceOf(StartupException.class)
                .hasMessage("memory: 811 MiB, 405 MiB beside a heap of at most 406 MiB (expected: at least 406 MiB"
                        + " beside it, 256 MiB of them for streams.rocksdb_memory; give the machine or the container"
                        + " more, or lower streams.rocksdb_memory or -Xmx)");
    }

    @Test
    void shouldPassMemoryThatIsJustEnough() {
        // When / Then
        assertThatCode(() -> Memory.check(812 * MIB, 406 * MIB, 256 * MIB)).doesNotThrowAnyException();
    }
}
