package dev.penstock.cli;

import dev.penstock.schemas.Tenant;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Finds the tenant that a line names, to key the record by. A line that cannot be read has none: the pipeline says why. */
final class TenantOfLine {

    private TenantOfLine() {}

    static Optional<String> read(byte[] line) {
        return LineField.text(line, "tenant");
    }

    /** Whose request a record is: the tenant that it names, or its key, or the default. */
    static String read(ConsumerRecord<byte[], byte[]> request) {
        byte[] key = request.key();
        return read(request.value())
                .orElseGet(() -> key == null || key.length == 0
                        ? Tenant.DEFAULT.name()
                        : new String(key, StandardCharsets.UTF_8));
    }
}
