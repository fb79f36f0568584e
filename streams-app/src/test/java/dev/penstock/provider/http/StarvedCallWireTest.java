package dev.penstock.provider.http;

import static dev.penstock.provider.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.RawServer;
import dev.penstock.schemas.TokenUsage;
import java.net.InetAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls whose answer there is no memory for. */
class StarvedCallWireTest {

    @Test
    void shouldEndTheConnectionOfACallThatEndsInAnError() throws Exception {
        // Given
        try (RawServer server = RawServer.keeping(RawServer.ok("{\"a\":1}"));
                HttpProvider provider = new HttpProvider(
                        HttpSettings.of(server.baseUrl(), null),
                        new Starved(server.baseUrl().resolve("/x")),
                        InstantSource.system(),
                        InetAddress::getAllByName)) {
            // When
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> provider.call(call("hello"))).isInstanceOf(OutOfMemoryError.class);
            }

            // Then
            assertThat(provider.connections()).isEqualTo(new HttpProvider.Connections(0, 0, 0));
        }
    }

    private record Starved(URI uri) implements Dialect {

        @Override
        public Written write(ProviderCall call) {
            return new Written.Message(uri, Map.of(), call.body());
        }

        @Override
        public Reading read(ObjectNode body) {
            throw new OutOfMemoryError("scripted");
        }

        @Override
        public Optional<TokenUsage> usage(JsonNode usage) {
            return Optional.empty();
        }

        @Override
        public ErrorWords error(ObjectNode body) {
            return ErrorWords.NONE;
        }

        @Override
        public String requestIdHeader() {
            return "x-request-id";
        }
    }
}
