package dev.penstock.config;

/**
 * What one source says about one key.
 *
 * @param place where it stands: {@code penstock.yaml:12}, {@code --set}, an environment variable
 */
record Given(String place, Node node) {

    /** A value before its type is known. */
    sealed interface Node {}

    /** A plain value, as written. */
    record Text(String text) implements Node {}

    /** A mapping that points at a secret. */
    record Reference(SecretRef ref) implements Node {}
}
