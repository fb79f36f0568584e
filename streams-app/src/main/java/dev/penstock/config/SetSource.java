package dev.penstock.config;

import dev.penstock.config.Given.Reference;
import dev.penstock.config.Given.Text;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code --set key=value}; the last one of a key wins. */
final class SetSource {

    private static final String PLACE = "--set";
    private static final Pattern REFERENCE = Pattern.compile("\\{\\s*(env|file):\\s*(\\S.*?)\\s*}");

    private SetSource() {}

    static Map<String, Given> read(List<String> sets, List<String> problems) {
        Map<String, Given> given = new LinkedHashMap<>();
        for (int i = 0; i < sets.size(); i++) {
            String set = sets.get(i);
            int equals = set.indexOf('=');
            if (equals < 1) {
                problems.add(PLACE + ": no key and '=' in number " + (i + 1) + " (expected: key=value)");
            } else {
                given.put(set.substring(0, equals).strip(), new Given(PLACE, node(set.substring(equals + 1))));
            }
        }
        return given;
    }

    private static Given.Node node(String value) {
        Matcher reference = REFERENCE.matcher(value);
        if (!reference.matches()) {
            return new Text(value);
        }
        String target = reference.group(2);
        return new Reference(
                reference.group(1).equals("env") ? new SecretRef.Env(target) : new SecretRef.File(Path.of(target)));
    }
}
