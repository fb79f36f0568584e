package dev.penstock.batching;

import java.util.List;

/**
 * A shared call that has left, as it is stored: its members are entries of their own.
 *
 * @param ids theirs, in their order
 */
record SharedCall(List<String> ids) {
    SharedCall {
        ids = List.copyOf(ids);
    }
}
