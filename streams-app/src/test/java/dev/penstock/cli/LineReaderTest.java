package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LineReaderTest {

    @Test
    void shouldKeepEveryByteButTheLineFeed() throws Exception {
        // Given
        byte[] input = {'a', '\r', '\n', (byte) 0xff, 0, '\n'};

        // When
        LineReader reader = new LineReader(new ByteArrayInputStream(input), 100);

        // Then
        assertThat(reader.next().orElseThrow().value()).containsExactly('a', '\r');
        assertThat(reader.next().orElseThrow().value()).containsExactly(0xff, 0);
        assertThat(reader.next()).isEmpty();
    }

    @Test
    void shouldCountEmptyLinesAndLeaveThemOut() throws Exception {
        // When
        List<LineReader.Line> lines = lines("one\n\n\nfour", 100);

        // Then
        assertThat(lines).extracting(LineReader.Line::number).containsExactly(1L, 4L);
    }

    @Test
    void shouldHoldNoMoreOfALineThanTheLimit() throws Exception {
        // When
        List<LineReader.Line> lines = lines("x".repeat(200_000) + "\nnext\n", 1_000);

        // Then
        assertThat(lines.getFirst().value()).hasSize(1_000);
        assertThat(lines.getFirst().tooLong()).isTrue();
        assertThat(lines.getFirst().bytes()).isEqualTo(200_000);
        assertThat(lines.getLast().tooLong()).isFalse();
        assertThat(lines.getLast().value()).asString(StandardCharsets.UTF_8).isEqualTo("next");
    }

    @Test
    void shouldFindTheTenantOfALineAndNoneInARuin() {
        assertThat(tenant("{\"body\":{\"tenant\":\"inner\"},\"tenant\":\"acme\"}"))
                .contains("acme");
        assertThat(tenant("{\"tenant\":7}")).isEmpty();
        assertThat(tenant("{\"custom_id\":\"x\"}")).isEmpty();
        assertThat(tenant("{\"body\":[[[")).isEmpty();
        assertThat(tenant("[]")).isEmpty();
        assertThat(TenantOfLine.read(new byte[] {(byte) 0xff, 0})).isEmpty();
    }

    private static Optional<String> tenant(String line) {
        return TenantOfLine.read(line.getBytes(StandardCharsets.UTF_8));
    }

    private static List<LineReader.Line> lines(String text, int limit) throws IOException {
        LineReader reader = new LineReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), limit);
        List<LineReader.Line> lines = new ArrayList<>();
        for (Optional<LineReader.Line> line = reader.next(); line.isPresent(); line = reader.next()) {
            lines.add(line.get());
        }
        return lines;
    }
}
