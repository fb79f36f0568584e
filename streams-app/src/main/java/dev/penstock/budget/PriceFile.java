package dev.penstock.budget;

import dev.penstock.config.ConfigException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A file of prices: LiteLLM's JSON when its name ends in {@code .json}, else our own YAML. */
public final class PriceFile {

    private PriceFile() {}

    /**
     * Reads a table.
     *
     * @param name the file's name, for messages
     * @throws ConfigException with all mistakes at once
     */
    public static PriceTable read(String name, byte[] content) throws ConfigException {
        if (name.endsWith(".json")) {
            return LiteLlmPrices.read(name, content);
        }
        try {
            return PriceYaml.read(
                    name,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(content))
                            .toString());
        } catch (CharacterCodingException e) {
            throw new ConfigException(List.of(name + ": not UTF-8 (expected: YAML in UTF-8)"));
        }
    }
}
