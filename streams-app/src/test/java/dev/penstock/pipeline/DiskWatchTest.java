package dev.penstock.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiskWatchTest {

    private long room = 1 << 20;
    private final List<IOException> told = new ArrayList<>();
    private final DiskWatch watch = new DiskWatch(() -> room, told::add);

    private void look(int times) {
        for (int look = 0; look < times; look++) {
            watch.look();
        }
    }

    @Test
    void shouldTellOnceThatTheDiskStaysFull() {
        // Given
        look(1);
        room = 0;

        // When
        look(DiskWatch.PATIENCE - 1);
        int before = told.size();
        look(5);

        // Then
        assertThat(before).isZero();
        assertThat(told).singleElement().satisfies(full -> assertThat(full).hasMessage("No space left on device"));
    }

    @Test
    void shouldCountAnewOnceThereIsRoom() {
        // Given
        look(1);
        room = 0;
        look(DiskWatch.PATIENCE - 1);

        // When
        room = 1 << 20;
        look(1);
        room = 0;
        look(DiskWatch.PATIENCE - 1);

        // Then
        assertThat(told).isEmpty();
    }

    @Test
    void shouldNotBelieveADiskThatNeverToldOfAnyRoom() {
        // Given
        room = 0;

        // When
        look(3 * DiskWatch.PATIENCE);

        // Then
        assertThat(told).isEmpty();
    }
}
