package dev.penstock.dispatch;

import static dev.penstock.dispatch.Calls.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TenantLoadTest {

    @Test
    void shouldHoldATenantToItsCapAndTellWhenItComesBelow() {
        // Given
        TenantLoad load = new TenantLoad(2);
        load.started(id(1), "acme");
        load.started(id(2), "acme");

        // When / Then
        assertThat(load.mayCall("acme")).isFalse();
        assertThat(load.mayCall("beta")).isTrue();
        assertThat(load.ended(id(1))).isTrue();
        assertThat(load.mayCall("acme")).isTrue();
        assertThat(load.ended(id(2))).isTrue();
    }

    @Test
    void shouldHoldATenantToTheCapThatIsInForceNow() {
        // Given
        Map<String, Integer> caps = new HashMap<>(Map.of("acme", 1));
        TenantLoad load = new TenantLoad(tenant -> caps.getOrDefault(tenant, 0));
        load.started(id(1), "acme");
        load.started(id(2), "beta");

        // When
        boolean one = load.mayCall("acme");
        caps.put("acme", 2);
        boolean two = load.mayCall("acme");
        caps.put("beta", 1);
        boolean other = load.mayCall("beta");

        // Then
        assertThat(one).isFalse();
        assertThat(two).isTrue();
        assertThat(other).as("calls from before there was a cap count").isFalse();
        assertThat(load.ended(id(2))).isTrue();
    }

    @Test
    void shouldCountACallOnceHoweverOftenItIsToldOf() {
        // Given
        TenantLoad load = new TenantLoad(1);
        load.started(id(1), "acme");
        load.started(id(1), "acme");

        // When
        boolean below = load.ended(id(1));

        // Then
        assertThat(below).isTrue();
        assertThat(load.ended(id(1))).isFalse();
        assertThat(load.mayCall("acme")).isTrue();
    }

    @Test
    void shouldHaveNoCapWhenNoneIsSet() {
        // Given
        TenantLoad load = new TenantLoad(0);

        // When
        load.started(id(1), "acme");

        // Then
        assertThat(load.mayCall("acme")).isTrue();
        assertThat(load.ended(id(1))).isFalse();
    }
}
