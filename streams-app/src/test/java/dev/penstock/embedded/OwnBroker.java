package dev.penstock.embedded;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/** A test that {@link BrokerKind} does not reach: it starts the broker that it needs, or needs none. Not run on containers. */
@Tag("own-broker")
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OwnBroker {

    /** Why. */
    String value();
}
