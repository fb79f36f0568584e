package dev.penstock.pipeline;

import java.lang.reflect.Field;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.internals.PunctuationSchedule;

/** When the nodes of a topology under the test driver will be woken: what Streams itself has noted, which it shows to nobody. */
final class WakeUps {

    private WakeUps() {}

    /** The wake-ups by the wall clock that are set for a node, in order. */
    static List<Instant> of(TopologyTestDriver driver, String node) {
        try {
            Object task = value(TopologyTestDriver.class, "task", driver);
            Object queue = value(task.getClass(), "systemTimePunctuationQueue", task);
            List<Instant> wakeUps = new ArrayList<>();
            for (Object set : (Collection<?>) value(queue.getClass(), "pq", queue)) {
                PunctuationSchedule schedule = (PunctuationSchedule) set;
                boolean cancelled = (boolean) value(PunctuationSchedule.class, "isCancelled", schedule);
                if (!cancelled && schedule.node().name().equals(node)) {
                    wakeUps.add(Instant.ofEpochMilli(schedule.timestamp));
                }
            }
            return wakeUps.stream().sorted().toList();
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("another version of Streams keeps its wake-ups elsewhere", changed);
        }
    }

    private static Object value(Class<?> type, String name, Object from) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(from);
    }
}
