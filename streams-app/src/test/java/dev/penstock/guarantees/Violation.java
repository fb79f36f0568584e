package dev.penstock.guarantees;

/**
 * What a guarantee holds against a history.
 *
 * @param guarantee the name of the broken promise
 * @param what the evidence: names and positions, never prompt text
 */
public record Violation(String guarantee, String what) {
    @Override
    public String toString() {
        return guarantee + ": " + what;
    }
}
