package dev.penstock.console;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the topics tell the page, and the one thing that the page may change. {@link #deadLetters} and {@link #budgets} answer from memory; the
 * rest reads topics while the caller waits, for a bounded time. Text is cut and without control characters; no answer holds a prompt, but
 * {@link #deadLetter} where it is asked for.
 */
public interface OperatorTopics extends AutoCloseable {

    /** The last dead letters, by code. */
    ObjectNode deadLetters();

    /** Who is near a limit. */
    ObjectNode budgets();

    /**
     * One request's life.
     *
     * @param id a custom_id or a request id
     * @param tenant null for all
     * @param since how far back, such as {@code 1h}; null for all that is kept
     */
    ObjectNode trace(String id, @Nullable String tenant, @Nullable String since) throws ConsoleRefusal;

    /** @param withPrompt the request as it is; otherwise only its outline */
    ObjectNode deadLetter(String id, boolean withPrompt) throws ConsoleRefusal;

    /**
     * Counts what a replay would do, which changes nothing. The answer's {@code plan} is the name to start it by, for some minutes.
     *
     * @param selection {@code codes}, {@code ids} and {@code tenant}, each optional
     */
    ObjectNode planReplay(ObjectNode selection) throws ConsoleRefusal;

    /** Starts what was counted and does not wait for its end. */
    ObjectNode startReplay(String plan) throws ConsoleRefusal;

    /** How the last replay that was started here goes, or went. */
    ObjectNode replay();

    @Override
    void close();
}
