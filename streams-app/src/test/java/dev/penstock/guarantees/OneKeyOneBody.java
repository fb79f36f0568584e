package dev.penstock.guarantees;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * No idempotency key is sent with two bodies: a provider that honours it would refuse the second, or answer it with what
 * it said to the first. And a body that one call sends again comes under the same key.
 *
 * <p>Legal: a call is repeated after a crash with the key and the body of the first time; a shorter prompt has another key.
 *
 * <p>Illegal: another model, another output cap or a shorter prompt under a key that was sent before.
 */
public final class OneKeyOneBody implements Guarantee {

    private record Sent(String call, String body) {}

    private final Map<String, String> bodies = new HashMap<>();
    private final Map<Sent, String> keys = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();

    @Override
    public void onCalled(Event.ProviderCall call) {
        String body = bodies.putIfAbsent(call.idempotencyKey(), call.bodyDigest());
        if (body != null && !body.equals(call.bodyDigest())) {
            violations.add(
                    new Violation(name(), call.callId() + " sent another body under a key that was sent before"));
        }
        String key = keys.putIfAbsent(new Sent(call.call(), call.bodyDigest()), call.idempotencyKey());
        if (key != null && !key.equals(call.idempotencyKey())) {
            violations.add(new Violation(name(), call.callId() + " sent a body again under another key"));
        }
    }

    @Override
    public List<Violation> check() {
        return List.copyOf(violations);
    }
}
