package dev.penstock.faults;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The seed of a random scenario: printed, and taken from {@code -Dpenstock.seed} to play a run again. */
record Seed(long value) {

    static Seed next(String scenario) {
        Long given = Long.getLong("penstock.seed");
        Seed seed = new Seed(given != null ? given : System.nanoTime());
        System.out.println(scenario + ": -Dpenstock.seed=" + seed.value());
        return seed;
    }

    RandomGenerator random() {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(value);
    }
}
