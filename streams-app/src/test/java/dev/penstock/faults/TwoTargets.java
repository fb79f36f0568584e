package dev.penstock.faults;

import java.util.Map;

/** An instance with a chain of two targets at one fake provider, which tells them apart by their keys. */
final class TwoTargets {

    static final String PRIMARY_KEY = "sk-primary";
    static final String BACKUP_KEY = "sk-backup";

    private TwoTargets() {}

    static AppSpec of(Rig rig) {
        String url = rig.fake().baseUrl();
        AppSpec spec = rig.spec("one").with("targets.primary.base_url", url).with("targets.backup.base_url", url);
        for (String tier : new String[] {"simple", "medium", "complex"}) {
            spec = spec.with("tiers." + tier + ".chain", "primary,backup");
        }
        return spec.withEnvironment(
                Map.of("PENSTOCK_TARGETS_PRIMARY_API_KEY", PRIMARY_KEY, "PENSTOCK_TARGETS_BACKUP_API_KEY", BACKUP_KEY));
    }
}
