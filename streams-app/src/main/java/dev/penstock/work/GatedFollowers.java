package dev.penstock.work;

import dev.penstock.work.IntakeGate.Place;

/** Reports the followers of a partition to its intake gate. */
public record GatedFollowers(IntakeGate gate, int partition, Place place) implements Followers.Load {

    @Override
    public void waiting(int items, long bytes) {
        gate.waiting(partition, place, items, bytes);
    }

    @Override
    public void following(int all) {
        gate.following(partition, place, all);
    }
}
