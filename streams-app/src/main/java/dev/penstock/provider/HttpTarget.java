package dev.penstock.provider;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The innermost target: always open, makes the attempt. */
final class HttpTarget implements Target {

    private final String name;
    private final Lease lease;

    HttpTarget(String name, Provider provider) {
        this.name = name;
        this.lease = new Lease() {
            @Override
            public ProviderReply call(ProviderCall call) throws InterruptedException {
                return provider.call(call);
            }

            @Override
            public void cancel() {}
        };
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Availability look(@Nullable String tenant, Instant now) {
        return new Availability.Open();
    }

    @Override
    public Entry enter(String tenant, long tokens, Instant now) {
        return new Entry.Entered(lease);
    }
}
