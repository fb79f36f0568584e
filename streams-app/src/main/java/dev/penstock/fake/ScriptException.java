package dev.penstock.fake;

/** A script that cannot be followed; the message names the field, its value and what was expected. */
public final class ScriptException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    ScriptException(String name, Object value, String expected) {
        super(name + ": " + value + " (expected: " + expected + ")");
    }
}
