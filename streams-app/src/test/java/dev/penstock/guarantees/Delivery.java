package dev.penstock.guarantees;

/** What the producer was told about a record it sent. */
public sealed interface Delivery {

    /** The broker has it, there. */
    record Acked(Position position) implements Delivery {}

    /** Sent, and no answer came: it may stand on the topic or not. */
    record Unknown(String why) implements Delivery {}
}
