package dev.penstock.work;

/**
 * What a dispatch of a shared call cost, or may have cost, that did not end the call: an attempt without an answer, one that
 * was lost, or what is known of one only after the call was over.
 *
 * @param call the shared call
 * @param spend what it cost as a whole
 */
public record SharedSpend(RequestId call, Emission.Spend spend) implements SharedNews {}
