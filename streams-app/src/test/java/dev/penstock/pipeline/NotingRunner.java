package dev.penstock.pipeline;

import dev.penstock.dispatch.CallRunner;
import dev.penstock.dispatch.Launch;
import dev.penstock.dispatch.Permits;
import dev.penstock.work.RequestId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A runner that only notes what it is asked. */
final class NotingRunner implements CallRunner {

    private final List<Launch> launched = new ArrayList<>();
    private final Set<String> held = new HashSet<>();
    private final Set<String> running = new HashSet<>();
    private final Set<Integer> unwritable = new HashSet<>();
    private final Permits permits;
    private Instant forgottenTo = Instant.MIN;

    NotingRunner(Permits permits) {
        this.permits = permits;
    }

    /** What left since it was last asked. */
    List<Launch> takeLaunched() {
        List<Launch> taken = List.copyOf(launched);
        launched.clear();
        return taken;
    }

    /** Calls that are not settled. */
    int held() {
        return held.size();
    }

    @Override
    public void assigned(int partition) {}

    @Override
    public void revoked(int partition) {}

    @Override
    public boolean accepts(int partition) {
        return !unwritable.contains(partition);
    }

    /** Whether outcomes of a partition can be written. */
    void writable(int partition, boolean writable) {
        if (writable) {
            unwritable.remove(partition);
        } else {
            unwritable.add(partition);
        }
    }

    @Override
    public void prepare(Launch launch) {
        held.add(launch.ticket().id() + "#" + launch.number());
    }

    @Override
    public void launch(Launch launch) {
        launched.add(launch);
        running.add(launch.ticket().id() + "#" + launch.number());
    }

    /** Its thread has ended. */
    void ended(Launch launch) {
        running.remove(launch.ticket().id() + "#" + launch.number());
    }

    @Override
    public boolean runs(RequestId id, int number) {
        return running.contains(id + "#" + number);
    }

    @Override
    public void withdraw(Launch launch) {
        held.remove(launch.ticket().id() + "#" + launch.number());
        launch.lease().cancel();
        permits.returned(launch.partition());
    }

    @Override
    public void settled(RequestId id, int number) {
        held.remove(id + "#" + number);
    }

    /** As one without an outcome, long after its deadline. */
    void forget(Launch launch) {
        held.remove(launch.ticket().id() + "#" + launch.number());
        forgottenTo = launch.ticket().deadline();
    }

    @Override
    public boolean hasForgotten(Instant deadline) {
        return !deadline.isAfter(forgottenTo);
    }

    @Override
    public boolean holds(RequestId id, int number) {
        return held.contains(id + "#" + number);
    }
}
