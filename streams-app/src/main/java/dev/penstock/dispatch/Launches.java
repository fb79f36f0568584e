package dev.penstock.dispatch;

import dev.penstock.work.RequestId;
import dev.penstock.work.Transactions;
import dev.penstock.work.Transactions.PostCommit;

/** Ties what a task decides to the end of its transaction: a call leaves, or is forgotten, only once that is durable. */
final class Launches {

    private final CallRunner runner;
    private final Transactions transactions;

    Launches(CallRunner runner, Transactions transactions) {
        this.runner = runner;
        this.transactions = transactions;
    }

    void launchAfterCommit(Launch launch) {
        transactions.afterCommit(new PostCommit() {
            @Override
            public void committed() {
                runner.launch(launch);
            }

            @Override
            public void dropped() {
                runner.withdraw(launch);
            }
        });
        runner.prepare(launch);
    }

    /** Lets the runner forget a dispatch once that its outcome was processed is durable. */
    void forgetAfterCommit(RequestId id, int number) {
        transactions.afterCommit(new PostCommit() {
            @Override
            public void committed() {
                runner.settled(id, number);
            }

            @Override
            public void dropped() {
                // the outcome will be processed again
            }
        });
    }
}
