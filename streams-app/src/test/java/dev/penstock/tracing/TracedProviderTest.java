package dev.penstock.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.config.PenstockConfig;
import dev.penstock.provider.Provider;
import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.ProviderReply;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class TracedProviderTest {

    private static final ProviderReply PAID =
            new ProviderReply.Answered(200, "p-1", JsonMapper.shared().createObjectNode(), null);

    @Test
    void shouldKeepAnAnswerWhoseSpanCannotBeWritten() throws InterruptedException {
        // Given
        try (SdkTracerProvider tracers =
                SdkTracerProvider.builder().addSpanProcessor(new Failing()).build()) {
            TracedProvider traced = new TracedProvider(
                    new Paid(),
                    tracers.get("test"),
                    PenstockConfig.defaults().targets().getFirst());

            // When
            ProviderReply reply = traced.call(new ProviderCall(
                    "key",
                    "/v1/chat/completions",
                    JsonMapper.shared().createObjectNode(),
                    Duration.ofSeconds(30),
                    null));

            // Then
            assertThat(reply).isSameAs(PAID);
        }
    }

    private static final class Paid implements Provider {

        @Override
        public ProviderReply call(ProviderCall call) {
            return PAID;
        }

        @Override
        public void close() {}
    }

    /** As one that a user has put on the class path might. */
    private static final class Failing implements SpanProcessor {

        @Override
        public void onStart(Context parent, ReadWriteSpan span) {}

        @Override
        public boolean isStartRequired() {
            return false;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            throw new IllegalStateException("scripted");
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }
}
