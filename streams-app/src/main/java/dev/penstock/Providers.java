package dev.penstock;

import dev.penstock.config.SecretRef;
import dev.penstock.config.TargetConfig;
import dev.penstock.provider.Provider;
import dev.penstock.provider.Secret;
import dev.penstock.provider.anthropic.AnthropicProvider;
import dev.penstock.provider.anthropic.AnthropicSettings;
import dev.penstock.provider.http.HttpSettings;
import dev.penstock.provider.openai.OpenAiProvider;
import dev.penstock.provider.openai.OpenAiSettings;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The clients of an instance, one for each target: a connection pool that one target fills up leaves the others alone. */
final class Providers implements AutoCloseable {

    private final Map<String, Provider> byTarget = new HashMap<>();

    private Providers() {}

    /** @throws StartupException if a key cannot be had */
    static Providers of(Iterable<TargetConfig> targets) throws StartupException {
        Providers providers = new Providers();
        for (TargetConfig target : targets) {
            providers.byTarget.put(target.name(), provider(target));
        }
        return providers;
    }

    /** The client of a target that was given. */
    Provider get(TargetConfig target) {
        return Objects.requireNonNull(byTarget.get(target.name()));
    }

    private static Provider provider(TargetConfig target) throws StartupException {
        HttpSettings http = new HttpSettings(
                target.baseUrl(),
                secret(target),
                target.connectTimeout(),
                target.maxAnswerBytes(),
                target.maxConnections(),
                target.connections() == TargetConfig.Connections.FRESH);
        return switch (target.kind()) {
            case OPENAI -> new OpenAiProvider(new OpenAiSettings(http), InstantSource.system());
            case ANTHROPIC ->
                new AnthropicProvider(new AnthropicSettings(http, target.maxOutputTokens()), InstantSource.system());
        };
    }

    private static @Nullable Secret secret(TargetConfig target) throws StartupException {
        SecretRef reference = target.apiKey();
        if (reference == null) {
            return null;
        }
        String where = "target " + target.name() + ": api_key: " + reference.shown();
        String key = reference
                .resolve()
                .orElseThrow(() -> new StartupException(where + " leads to nothing (expected: a key)"));
        try {
            return Secret.of(key);
        } catch (IllegalArgumentException e) {
            throw new StartupException(where + ": " + e.getMessage());
        }
    }

    @Override
    public void close() {
        byTarget.values().forEach(Provider::close);
    }
}
