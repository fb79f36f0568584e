package dev.penstock.guarantees;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Secrets stand nowhere, and people's words only where they belong: in the values of requests, answers and dead letters.
 *
 * <p>Legal: a prompt stands in the request and, unchanged, in its dead letter's value.
 *
 * <p>Illegal: the provider's key in any record, header, log line, metric or page; a prompt in a log line, a header, a key or
 * a usage event; the text of a provider's error anywhere but in its own log.
 */
public final class NoSecretAnywhere implements Guarantee {

    private final Set<String> secrets;
    private final Set<String> words;
    private final List<Violation> violations = new ArrayList<>();

    /**
     * @param secrets what may stand nowhere: keys, texts of provider errors
     * @param words what may stand in the values of some topics only: parts of prompts
     */
    public NoSecretAnywhere(Set<String> secrets, Set<String> words) {
        this.secrets = Set.copyOf(secrets);
        this.words = Set.copyOf(words);
    }

    @Override
    public void onObserved(Event.Observed observed) {
        String where = observed.role() + " " + observed.position();
        Message message = observed.message();
        String value = message.value();
        search(secrets, value, where + " value");
        if (!observed.role().mayHoldPrompts()) {
            search(words, value, where + " value");
        }
        String key = message.key();
        searchAll(key == null ? "" : key, where + " key");
        for (Map.Entry<String, String> header : message.headers().entrySet()) {
            searchAll(header.getKey() + "=" + header.getValue(), where + " header " + header.getKey());
        }
    }

    @Override
    public void onPrinted(Event.Printed printed) {
        searchAll(printed.text(), printed.where());
    }

    @Override
    public List<Violation> check() {
        return List.copyOf(violations);
    }

    private void searchAll(String text, String where) {
        search(secrets, text, where);
        search(words, text, where);
    }

    private void search(Set<String> canaries, String text, String where) {
        for (String canary : canaries) {
            if (text.contains(canary)) {
                violations.add(new Violation(name(), where + " holds a canary of " + canary.length() + " characters"));
            }
        }
    }
}
