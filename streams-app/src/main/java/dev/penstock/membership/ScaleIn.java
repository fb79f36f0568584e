package dev.penstock.membership;

/** Whether the end of a pod is the end of its instance. */
public sealed interface ScaleIn {

    /** For the operator, without a line end. */
    String why();

    /** Nobody takes its place. */
    record Leaves(String why) implements ScaleIn {}

    /** It is to come back, or nobody knows. */
    record Stays(String why) implements ScaleIn {}
}
