package dev.penstock.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where a secret is to be found. The secret itself is never part of the configuration. */
public sealed interface SecretRef {

    /** The secret's text as it is now; empty when the reference leads nowhere or to nothing. */
    Optional<String> resolve(Map<String, String> environment);

    /** {@link #resolve(Map)} against the environment of this process. */
    default Optional<String> resolve() {
        return resolve(System.getenv());
    }

    /** The reference as it is written in the configuration file. */
    String yaml();

    /** The reference in a message that it leads nowhere; its target is left out where it may be the secret itself. */
    String shown();

    /** A secret in an environment variable. */
    record Env(String name) implements SecretRef {

        private static final Pattern VARIABLE = Pattern.compile("[A-Z_][A-Z0-9_]{0,79}");

        @Override
        public Optional<String> resolve(Map<String, String> environment) {
            return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
        }

        @Override
        public String yaml() {
            return "{env: " + name + "}";
        }

        @Override
        public String shown() {
            return VARIABLE.matcher(name).matches() ? yaml() : "{env: ...}";
        }
    }

    /** A secret in a file, without the line end that editors add. */
    record File(Path path) implements SecretRef {

        private static final Pattern PLAIN = Pattern.compile("[A-Za-z_./-]{1,100}");

        @Override
        public Optional<String> resolve(Map<String, String> environment) {
            try {
                return Optional.of(Files.readString(path).strip()).filter(text -> !text.isEmpty());
            } catch (IOException unreadable) {
                return Optional.empty();
            }
        }

        @Override
        public String yaml() {
            return "{file: " + path + "}";
        }

        @Override
        public String shown() {
            return path.isAbsolute() || PLAIN.matcher(path.toString()).matches() ? yaml() : "{file: ...}";
        }
    }
}
