package dev.penstock.guarantees;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What usage events come to: each event id once, by the best that is known of it, whatever order they came in. */
public final class Charges {

    private static final List<String> BY_KNOWLEDGE = List.of("unknown", "billed", "corrected");

    private Charges() {}

    /** US dollars of that tenant; what has no price counts as nothing. */
    public static BigDecimal of(Collection<? extends Content> contents, String tenant) {
        return byId(contents, tenant).values().stream()
                .map(usage -> usage.costUsd() == null ? BigDecimal.ZERO : usage.costUsd())
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** The charges of that tenant, by event id. */
    public static Map<String, Content.Usage> byId(Collection<? extends Content> contents, String tenant) {
        Map<String, Content.Usage> charges = new LinkedHashMap<>();
        for (Content content : contents) {
            if (content instanceof Content.Usage usage && usage.tenant().equals(tenant)) {
                charges.merge(usage.eventId(), usage, Charges::better);
            }
        }
        return charges;
    }

    private static Content.Usage better(Content.Usage known, Content.Usage other) {
        return BY_KNOWLEDGE.indexOf(other.status()) > BY_KNOWLEDGE.indexOf(known.status()) ? other : known;
    }
}
