package dev.penstock.budget;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Names a table by what it says: two files with the same prices have the same version, however they are written. */
final class PriceDigest {

    private static final int SHOWN_CHARACTERS = 16;

    private PriceDigest() {}

    static String of(Map<String, Price> prices) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(prices).forEach((model, price) -> {
            text.append(model.length()).append(':').append(model);
            for (Band band : price.bands()) {
                text.append('>').append(band.above());
                rates(text, band.standard());
                rates(text, band.batch());
            }
        });
        return "sha256:" + hash(text.toString()).substring(0, SHOWN_CHARACTERS);
    }

    private static void rates(StringBuilder text, @Nullable Rates rates) {
        if (rates == null) {
            text.append('-');
            return;
        }
        amount(text, rates.input());
        amount(text, rates.cachedInput());
        amount(text, rates.cacheWrite());
        amount(text, rates.output());
        amount(text, rates.reasoning());
    }

    private static void amount(StringBuilder text, BigDecimal usd) {
        text.append('|').append(usd.stripTrailingZeros().toPlainString());
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
