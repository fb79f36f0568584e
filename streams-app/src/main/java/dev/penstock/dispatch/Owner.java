package dev.penstock.dispatch;

/**
 * Who launched a call.
 *
 * @param instance the instance's stable id
 * @param run drawn anew each time that the process starts
 */
public record Owner(String instance, String run) {

    @Override
    public String toString() {
        return instance + "/" + run;
    }
}
