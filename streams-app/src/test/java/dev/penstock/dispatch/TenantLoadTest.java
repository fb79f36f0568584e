package dev.penstock.dispatch;

import static dev.penstock.dispatch.Calls.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TenantLoadTest {

    private final List<String> changed = new ArrayList<>();

    @Test
    void shouldHoldATenantToItsCapAndTellWhenItComesBelow() {
        // Given
        TenantLoad load = new TenantLoad(2, changed::add);
        load.started(id(1), "acme");
        load.started(id(2), "acme");

        // When / Then
        assertThat(load.mayCall("acme")).isFalse();
        assertThat(load.mayCall("beta")).isTrue();
        assertThat(changed).containsExactly("acme", "acme");
        load.ended(id(1));
        assertThat(load.mayCall("acme")).isTrue();
        assertThat(changed).hasSize(3);
    }

    @Test
    void shouldHoldATenantToTheCapThatIsInForceNow() {
        // Given
        Map<String, Integer> caps = new HashMap<>(Map.of("acme", 1));
        TenantLoad load = new TenantLoad(tenant -> caps.getOrDefault(tenant, 0), changed::add);
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
        load.ended(id(2));
        assertThat(load.left("beta")).isEqualTo(1);
    }

    @Test
    void shouldCountACallOnceHoweverOftenItIsToldOf() {
        // Given
        TenantLoad load = new TenantLoad(1, changed::add);
        load.started(id(1), "acme");
        load.started(id(1), "acme");

        // When
        load.ended(id(1));
        load.ended(id(1));

        // Then
        assertThat(load.left("acme")).isEqualTo(1);
        assertThat(changed).containsExactly("acme", "acme");
    }

    @Test
    void shouldHaveNoCapWhenNoneIsSet() {
        // Given
        TenantLoad load = new TenantLoad(0, changed::add);

        // When
        load.started(id(1), "acme");

        // Then
        assertThat(load.mayCall("acme")).isTrue();
        assertThat(load.left("acme")).isEqualTo(Integer.MAX_VALUE);
        assertThat(changed).isEmpty();
    }
}
