package dev.penstock.membership;

/** A pod leaves for good when its StatefulSet is not to have it any more. Whenever that is in doubt it stays: a pod that left and comes back moves every partition twice. */
public final class ScaleInPolicy {

    private ScaleInPolicy() {}

    public static ScaleIn decide(PodName pod, StatefulSetLook look) {
        return switch (look) {
            case StatefulSetLook.Unknown unknown -> new ScaleIn.Stays(unknown.why());
            case StatefulSetLook.Gone gone -> new ScaleIn.Leaves("statefulset " + pod.statefulSet() + " is gone");
            case StatefulSetLook.Present present -> of(pod, present);
        };
    }

    private static ScaleIn of(PodName pod, StatefulSetLook.Present set) {
        String name = "statefulset " + pod.statefulSet();
        if (set.beingDeleted()) {
            return new ScaleIn.Leaves(name + " is being deleted");
        }
        long end = (long) set.firstOrdinal() + set.replicas();
        String why = name + " has pods " + set.firstOrdinal() + " to " + (end - 1);
        if (set.replicas() == 0) {
            why = name + " has no pods";
        }
        boolean wanted = pod.ordinal() >= set.firstOrdinal() && pod.ordinal() < end;
        return wanted ? new ScaleIn.Stays(why) : new ScaleIn.Leaves(why);
    }
}
