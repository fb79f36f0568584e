package dev.penstock.provider.anthropic;

import dev.penstock.provider.Provider;
import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.ProviderReply;
import dev.penstock.provider.http.HttpProvider;
import java.time.InstantSource;

/** Calls an endpoint that speaks Anthropic's Messages API. */
public final class AnthropicProvider implements Provider {

    private final HttpProvider http;

    public AnthropicProvider(AnthropicSettings settings, InstantSource clock) {
        this.http = new HttpProvider(settings.http(), new MessagesDialect(settings, clock), clock);
    }

    @Override
    public ProviderReply call(ProviderCall call) throws InterruptedException {
        return http.call(call);
    }

    /** See {@link HttpProvider#connections()}. */
    public HttpProvider.Connections connections() {
        return http.connections();
    }

    @Override
    public void close() {
        http.close();
    }
}
