package dev.penstock.pipeline;

import dev.penstock.batching.Batching;
import dev.penstock.budget.Budgets;
import dev.penstock.cache.CacheListener;
import dev.penstock.dispatch.CallRunner;
import dev.penstock.dispatch.Dispatch;
import dev.penstock.dispatch.Owner;
import dev.penstock.dispatch.Permits;
import dev.penstock.dispatch.WaitingListener;
import dev.penstock.outcome.TerminalListener;
import dev.penstock.tiering.TieringListener;
import dev.penstock.work.Transactions;
import java.time.InstantSource;

/**
 * What the stages need of the instance that they run in.
 *
 * @param self this instance and run
 * @param clock the wall clock
 * @param permits the calls that the instance may have in flight
 * @param tiering is told which tiers requests go to
 * @param budgets the stage that holds tenants to their budgets
 * @param batching the stage that lets requests share prompts
 * @param dispatch the stage that lets calls out
 * @param runner makes them
 * @param transactions holds launches back until they are durable
 * @param valve stands before intake
 * @param waiting is told what waits
 * @param metrics is told of every terminal
 * @param cache is told what the cache does
 * @param appVersion noted in dead letters
 */
record PipelineParts(
        Owner self,
        InstantSource clock,
        Permits permits,
        TieringListener tiering,
        Budgets budgets,
        Batching batching,
        Dispatch dispatch,
        CallRunner runner,
        Transactions transactions,
        IntakeValve valve,
        WaitingListener waiting,
        TerminalListener metrics,
        CacheListener cache,
        String appVersion) {}
