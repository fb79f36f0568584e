package dev.penstock.dispatch;

import dev.penstock.schemas.RequestCodec;
import dev.penstock.work.IntakeGate;
import dev.penstock.work.Transactions;

/**
 * What every task of the stage shares.
 *
 * @param policy decides
 * @param permits the calls that this instance may have in flight
 * @param runner makes them
 * @param transactions holds launches back until they are durable
 * @param gate closes intake while too much waits
 * @param codec reads a stored request again when its turn comes
 * @param provider the provider's name, for what a lost call may have cost
 * @param routes where what is over goes
 */
record DispatchParts(
        DispatchPolicy policy,
        Permits permits,
        CallRunner runner,
        Transactions transactions,
        IntakeGate gate,
        RequestCodec codec,
        String provider,
        DispatchRoutes routes) {}
