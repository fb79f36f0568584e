package dev.penstock.advisories;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A jar that Maven resolved.
 *
 * @param name as package URLs have it, without the version: {@code pkg:maven/GROUP/ARTIFACT}
 * @param scope {@code compile}, {@code runtime}, {@code provided} or {@code test}
 */
record Jar(String name, String version, String scope) {

    /** Maven colours the file as it colours a terminal. */
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

    private static final Pattern LINE =
            Pattern.compile(" +([^: ]+):([^: ]+):jar:(?:[^: ]+:)?([^: ]+):(compile|runtime|provided|test)(?: .*)?");

    String purl() {
        return name + "@" + version;
    }

    /**
     * Reads what {@code mvn dependency:list} writes into a file.
     *
     * @throws MalformedListException if there is a line that is none of it
     */
    static List<Jar> read(List<String> lines) {
        List<Jar> jars = new ArrayList<>();
        for (String coloured : lines) {
            String line = COLOUR.matcher(coloured).replaceAll("");
            if (line.isBlank() || line.equals("The following files have been resolved:")) {
                continue;
            }
            Matcher form = LINE.matcher(line);
            if (!form.matches()) {
                throw new MalformedListException("jars: " + line + " (expected: GROUP:ARTIFACT:jar:VERSION:SCOPE)");
            }
            jars.add(new Jar("pkg:maven/" + form.group(1) + "/" + form.group(2), form.group(3), form.group(4)));
        }
        return jars;
    }
}
