package dev.penstock.work;

import dev.penstock.schemas.Request;

/**
 * A request record that intake accepted: well formed, in its tenant's partition.
 *
 * @param ticket what ends it
 * @param request the parsed request
 * @param original the record's value as it arrived, for a dead letter
 * @param forced it was replayed in spite of a final failure, which is not to stand for it
 */
public record Admitted(Ticket ticket, Request request, byte[] original, boolean forced) {}
