package dev.penstock.schemas;

/** A constant that stands on the wire under a name of its own, which never changes once released. */
public interface WireName {
    String wireName();
}
