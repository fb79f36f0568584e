package dev.penstock.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SentFlagTest {

    @Test
    void shouldSayThatSomethingMayHaveLeftOnceItIsWritten() throws Exception {
        // Given
        SentFlag sent = new SentFlag(System.nanoTime() + Duration.ofHours(1).toNanos());
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        // When
        new WatchedEntity(new byte[] {1}, sent).writeTo(out);

        // Then
        assertThat(sent.possiblySent()).isTrue();
        assertThat(out.size()).isEqualTo(1);
    }

    @Test
    void shouldLetNothingLeaveOnceTheTimeIsUp() {
        // Given
        SentFlag sent = new SentFlag(System.nanoTime() - 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        // When / Then
        assertThatThrownBy(() -> new WatchedEntity(new byte[] {1}, sent).writeTo(out))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(sent.possiblySent()).isFalse();
        assertThat(out.size()).isZero();
    }
}
