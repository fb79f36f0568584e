package dev.penstock.budget;

/** A mark that spend passes on its way to the limit. Each is reported once a period. */
public enum Level {
    /** The soft limit, wherever it is. */
    SOFT("soft", 0),
    HALF("50", 50),
    MOST("80", 80),
    ALL("100", 100);

    private final String text;
    private final int percent;

    Level(String text, int percent) {
        this.text = text;
        this.percent = percent;
    }

    /** How alerts name it. */
    public String text() {
        return text;
    }

    /** Of the hard limit; 0 for the soft one. */
    int percent() {
        return percent;
    }
}
