package dev.penstock.fake;

import java.util.concurrent.CountDownLatch;

/** Holds calls back while it is shut. Opening it lets all go that it holds, even if it is shut again at once. */
final class Gate {

    private CountDownLatch opening = new CountDownLatch(0);

    /** Holds the calls that come from now on. */
    synchronized void shut() {
        if (opening.getCount() == 0) {
            opening = new CountDownLatch(1);
        }
    }

    /** Lets all go that it holds. */
    synchronized void open() {
        opening.countDown();
    }

    /** What a call that comes now waits for. */
    synchronized CountDownLatch opening() {
        return opening;
    }
}
