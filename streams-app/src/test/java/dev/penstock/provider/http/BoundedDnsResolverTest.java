package dev.penstock.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BoundedDnsResolverTest {

    private final CountDownLatch answer = new CountDownLatch(1);
    private final AtomicInteger lookups = new AtomicInteger();
    private final BoundedDnsResolver resolver = new BoundedDnsResolver(Duration.ofMillis(100), this::slow);

    @Test
    void shouldNotWaitForALookupThatHangsNorStartASecondOne() throws Exception {
        // When / Then
        assertThatThrownBy(() -> resolver.resolve("provider.example")).isInstanceOf(UnknownHostException.class);
        assertThatThrownBy(() -> resolver.resolve("provider.example")).isInstanceOf(UnknownHostException.class);
        assertThat(lookups).hasValue(1);

        // When
        answer.countDown();

        // Then
        await().until(() -> resolver.resolve("provider.example").length == 1);
    }

    @Test
    void shouldLookNoAddressUp() throws Exception {
        // When / Then
        assertThat(resolver.resolve("127.0.0.1")).hasSize(1);
        assertThat(resolver.resolve("::1")).hasSize(1);
        assertThat(lookups).hasValue(0);
    }

    private InetAddress[] slow(String host) throws UnknownHostException {
        lookups.incrementAndGet();
        try {
            answer.await();
        } catch (InterruptedException e) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.getLoopbackAddress()};
    }
}
