package dev.penstock.console;

import dev.penstock.provider.TargetView;
import java.time.Instant;
import java.util.List;

/** Who knows how the process is. Asked for every probe, so answers come from memory. */
public interface HealthSource {

    /** Not ok: only a restart helps. */
    Health live();

    /** Not ok: not working yet, or not any more. */
    Health ready();

    /** How the targets look; none before there are any. */
    List<TargetView> targets(Instant now);
}
