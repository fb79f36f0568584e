package dev.penstock.fake;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fault aimed at one request from within its prompt: {@code [[fake status=500 times=2]]}.
 *
 * @param times how often it applies to the same body; after that the call is answered
 */
record Directive(Fault fault, int times) {

    private static final Pattern FORM = Pattern.compile("\\[\\[fake ([a-z0-9_=. -]{1,200})]]");

    /** @throws ScriptException if there is one that cannot be followed */
    static Optional<Directive> in(String prompt) {
        if (!prompt.contains("[[fake ")) {
            return Optional.empty();
        }
        Matcher form = FORM.matcher(prompt);
        return form.find() ? Optional.of(parse(form.group(1))) : Optional.empty();
    }

    private static Directive parse(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : text.strip().split(" +", -1)) {
            int equals = field.indexOf('=');
            fields.put(equals < 0 ? field : field.substring(0, equals), equals < 0 ? "" : field.substring(equals + 1));
        }
        String times = fields.remove("times");
        if (times != null && !times.matches("[1-9][0-9]{0,5}")) {
            throw new ScriptException("times", times, "1..999999");
        }
        Optional<Fault> fault = FaultForm.take(fields);
        if (fault.isEmpty() || !fields.isEmpty()) {
            throw new ScriptException("directive", text, "one fault, and times");
        }
        return new Directive(fault.get(), times == null ? Integer.MAX_VALUE : Integer.parseInt(times));
    }
}
