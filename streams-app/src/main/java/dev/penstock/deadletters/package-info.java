/**
 * Dead letters as an operator meets them: read, selected, replayed. The commands use it, and so may whatever else offers a replay.
 *
 * <p>Receives: records of the dead-letter topic and the markers of earlier replays. Sends on: requests with the redrive headers, and one marker for
 * each, in one transaction. State: the markers on the redrives topic, nothing local. What can go wrong: another replay takes over, which ends this one;
 * a letter that must not be replayed is refused with a reason.
 */
@NullMarked
package dev.penstock.deadletters;

import org.jspecify.annotations.NullMarked;
