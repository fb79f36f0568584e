package dev.penstock.config;

import java.time.Duration;

/**
 * Between what bounds a request may say how long an attempt takes.
 *
 * @param least what is asked for below this is raised to it: a connection is not made only to be given up
 * @param most what is asked for above this is lowered to it: places at a target are others' too
 */
public record TimeoutRange(Duration least, Duration most) {

    static final TimeoutRange DEFAULT = new TimeoutRange(Duration.ofSeconds(1), Duration.ofMinutes(10));

    /**
     * How long an attempt takes of a request that says so.
     *
     * @param asked what the request says
     * @param usual what holds for requests that say nothing: it may always be had, whatever the bounds
     */
    public Duration within(Duration asked, Duration usual) {
        Duration floor = least.compareTo(usual) < 0 ? least : usual;
        Duration ceiling = most.compareTo(usual) > 0 ? most : usual;
        if (asked.compareTo(floor) < 0) {
            return floor;
        }
        return asked.compareTo(ceiling) > 0 ? ceiling : asked;
    }
}
