package dev.penstock.provider.http;

/**
 * The part of an error body that decides its class. Nothing of it is shown to anyone: the provider may quote the prompt.
 *
 * @param code empty if it has none
 * @param type empty if it has none
 * @param speaksOfContextLength the message says that the prompt is too long
 */
public record ErrorWords(String code, String type, boolean speaksOfContextLength) {

    /** There is no body, or none that can be read. */
    public static final ErrorWords NONE = new ErrorWords("", "", false);
}
