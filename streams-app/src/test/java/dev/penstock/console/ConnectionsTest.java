package dev.penstock.console;

import static org.awaitility.Awaitility.await;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;

class ConnectionsTest {

    private final Set<String> ended = ConcurrentHashMap.newKeySet();

    @Test
    void shouldEndTheOthersWhereOneDoesNotEndInOrder() throws Exception {
        // Given
        Server server = new Server();
        Connections connections = new Connections(
                new ConnectionPolicy<>(10, Duration.ofMillis(1), Duration.ofMinutes(1), 1), 1, new Routes());
        server.setHandler(connections);
        server.start();
        try {
            // When
            connections.onOpened(connection("broken"));
            connections.onOpened(connection("starved"));
            connections.onOpened(connection("first"));

            // Then
            await("the first").until(() -> ended.contains("first"));
            connections.onOpened(connection("second"));
            await("the second").until(() -> ended.contains("second"));
        } finally {
            server.stop();
        }
    }

    private Connection connection(String name) {
        EndPoint end = stub(EndPoint.class, (self, method, arguments) -> switch (method.getName()) {
            case "hashCode" -> name.hashCode();
            case "toString" -> name;
            case "equals" -> name.equals(String.valueOf(arguments[0]));
            case "close" -> close(name);
            default -> throw new UnsupportedOperationException(method.getName());
        });
        return stub(Connection.class, (self, method, arguments) -> end);
    }

    private boolean close(String name) {
        if (name.startsWith("broken")) {
            throw new IllegalStateException(name);
        }
        if (name.startsWith("starved")) {
            throw new OutOfMemoryError(name);
        }
        return ended.add(name);
    }

    private static <T> T stub(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
