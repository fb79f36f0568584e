package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RoutedStreamTest {

    private final ByteArrayOutputStream others = new ByteArrayOutputStream();
    private final ByteArrayOutputStream mine = new ByteArrayOutputStream();
    private final RoutedStream routed = new RoutedStream(new PrintStream(others, true, StandardCharsets.UTF_8));
    private final PrintStream out = routed.asPrintStream();

    @Test
    void shouldTakeWhatThisThreadAndItsOwnPrintAndNothingElse() throws Exception {
        // Given
        CountDownLatch taken = new CountDownLatch(1);
        Thread stranger = Thread.ofPlatform().unstarted(() -> printWhen(taken));
        stranger.start();

        // When
        routed.take(mine);
        taken.countDown();
        stranger.join();
        out.println("own");
        out.close();
        Thread child = Thread.ofVirtual().start(() -> out.println("child's"));
        child.join();
        routed.leave();
        out.println("afterwards");

        // Then
        assertThat(mine.toString(StandardCharsets.UTF_8).lines()).containsExactly("own", "child's");
        assertThat(others.toString(StandardCharsets.UTF_8).lines()).containsExactly("stranger's", "afterwards");
    }

    private void printWhen(CountDownLatch taken) {
        try {
            taken.await();
            out.println("stranger's");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
