package dev.penstock.cache;

/**
 * What both of the stage's processors use within a task.
 *
 * @param answers what is kept
 * @param flights what is in flight, and who follows it
 */
record TaskCache(AnswerStore answers, FlightStore flights) {}
