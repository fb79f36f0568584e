package dev.penstock.work;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * What the processors of a stage share within each task. The first of them in the order of the topology starts it, so that
 * nothing of an earlier start of the task is found, and ends it.
 *
 * @param <T> what they share; used by the task's stream thread alone
 */
public final class PerTask<T> {

    private final Map<TaskId, T> tasks = new ConcurrentHashMap<>();

    /** The task starts with what is given. */
    public T start(ProcessorContext<?, ?> context, T shared) {
        tasks.put(context.taskId(), shared);
        return shared;
    }

    /** That of a task whose first processor has started. */
    public T of(ProcessorContext<?, ?> context) {
        return Objects.requireNonNull(tasks.get(context.taskId()));
    }

    /** The task has left. A later start of it, on another thread, keeps what is its own. */
    public void end(ProcessorContext<?, ?> context, T shared) {
        tasks.remove(context.taskId(), shared);
    }
}
