package dev.penstock.work;

/**
 * How many requests of one tenant may follow others while one of these does not end.
 *
 * @param items requests
 * @param bytes their bytes
 */
public record FollowerLimits(int items, long bytes) {}
