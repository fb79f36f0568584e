package dev.penstock.dispatch;

import dev.penstock.provider.Provider;
import dev.penstock.provider.ProviderCall;
import dev.penstock.provider.ProviderReply;
import dev.penstock.schemas.TokenUsage;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;

/** A provider that does what the test says. */
final class ScriptedProvider implements Provider {

    /** What the provider does with a call. */
    interface Script {
        ProviderReply play(ProviderCall call) throws InterruptedException;
    }

    private final Script script;
    private final AtomicInteger calls = new AtomicInteger();

    ScriptedProvider(Script script) {
        this.script = script;
    }

    static ProviderReply answer() {
        return new ProviderReply.Answered(
                200, "p-1", JsonMapper.shared().createObjectNode().put("text", "hi"), new TokenUsage(1, 2, 0, 0));
    }

    int calls() {
        return calls.get();
    }

    @Override
    public ProviderReply call(ProviderCall call) throws InterruptedException {
        calls.incrementAndGet();
        return script.play(call);
    }

    @Override
    public void close() {}
}
