package dev.penstock.budget;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a reservation ended. */
public sealed interface Settlement {

    /**
     * It became spend. The usage event says the same as the charge: its id, status, time and amounts.
     *
     * @param reservation what was held
     * @param charge what was counted
     * @param aboveWorst whether the bill was higher than the worst case, which is a mistake in a price or a bound
     */
    record Settled(Reservation reservation, Charge charge, boolean aboveWorst, List<Crossing> crossings)
            implements Settlement {}

    /** Nothing was spent. */
    record Released(Reservation reservation) implements Settlement {}

    /**
     * No reservation of that id is open; nothing has changed.
     *
     * @param charge what was counted under that id before; null if that is not known
     */
    record NotOpen(String id, @Nullable Charge charge) implements Settlement {}
}
