package dev.penstock.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LeaseDecoratorTest {

    private static final ProviderReply PAID = Replies.answered();

    private final List<String> seen = new ArrayList<>();

    static List<Throwable> failures() {
        return List.of(new IllegalStateException("scripted"), new OutOfMemoryError("scripted"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void shouldKeepTheReplyWhateverFailsAroundTheAttempt(Throwable failure) throws InterruptedException {
        // Given
        Lease lease = new Noting(new Failing(new Noting(new Replying()), failure));

        // When
        ProviderReply reply = lease.call(StackFixture.call());

        // Then
        assertThat(reply).isSameAs(PAID);
        assertThat(seen).containsExactly("ended " + PAID, "ended " + PAID);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void shouldGiveEverythingBackWhateverFailsAtThat(Throwable failure) {
        // Given
        Lease lease = new Noting(new Failing(new Noting(new Replying()), failure));

        // When
        lease.cancel();

        // Then
        assertThat(seen).containsExactly("cancelled", "cancelled");
    }

    private static final class Replying implements Lease {

        @Override
        public ProviderReply call(ProviderCall call) {
            return PAID;
        }

        @Override
        public void cancel() {}
    }

    private final class Noting extends LeaseDecorator {

        Noting(Lease next) {
            super(next);
        }

        @Override
        void ended(@Nullable ProviderReply reply) {
            seen.add("ended " + reply);
        }

        @Override
        void cancelled() {
            seen.add("cancelled");
        }
    }

    private static final class Failing extends LeaseDecorator {

        private final Throwable failure;

        Failing(Lease next, Throwable failure) {
            super(next);
            this.failure = failure;
        }

        @Override
        void begins(ProviderCall call) {
            fail();
        }

        @Override
        void ended(@Nullable ProviderReply reply) {
            fail();
        }

        @Override
        void cancelled() {
            fail();
        }

        private void fail() {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        }
    }
}
