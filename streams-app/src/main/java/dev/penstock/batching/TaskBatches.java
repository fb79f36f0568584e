package dev.penstock.batching;

/**
 * What both of the stage's processors use within a task.
 *
 * @param store all of it
 * @param members those that came lately, in memory
 */
record TaskBatches(BatchStore store, TaskMembers members) {}
