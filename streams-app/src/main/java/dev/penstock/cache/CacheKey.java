package dev.penstock.cache;

import dev.penstock.schemas.BatchDirective;
import dev.penstock.schemas.CanonicalJson;
import dev.penstock.schemas.Request;
import dev.penstock.work.Fingerprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What two requests must have in common to have one answer. It covers the tenant, the url, and the body as asked, by
 * meaning: order of members, white space and the notation of numbers do not count, every other byte does. Fields that we
 * do not know are covered.
 *
 * <p>Of the body these are left out, at its top only, because no answer depends on them:
 *
 * <ul>
 *   <li>{@code user}, {@code safety_identifier}: who asks, for the provider's abuse reports
 *   <li>{@code metadata}, {@code store}: what the provider's own log keeps
 *   <li>{@code prompt_cache_key}, {@code prompt_cache_retention}: where the provider looks for a warm prompt
 *   <li>{@code stream}: intake lets only its absence, null and false pass, which are one
 * </ul>
 *
 * <p>Of what Penstock adds, three are covered: {@code task}, which chooses the model behind {@code auto}; {@code trim}, for
 * an answer to a shortened prompt is another answer; and {@code batch: never}, for who asks it wants no answer from a
 * shared prompt. A tenant's policy counts as it is when the request
 * arrives: its {@code trim} as if the request had it, and its allowed tiers where the model is {@code auto}. Ids, deadlines, priority, the cache directive and metadata say nothing of the answer. A default that is
 * spelled out ({@code temperature: 1}) is another request than one without it: defaults are the provider's to change.
 *
 * @param tenant whose answer it is; nobody else's request has the key
 * @param hash SHA-256 over all of it, the tenant too, in hexadecimal
 */
record CacheKey(String tenant, String hash) {

    static final Set<String> IGNORED = Set.of(
            "user", "safety_identifier", "metadata", "store", "prompt_cache_key", "prompt_cache_retention", "stream");

    private static final String AUTO = "auto";

    /** Changes with what the key covers, so that entries of an older version are never found. */
    private static final String VERSION = "cache-key-1";

    /** @param tiers the tiers that the tenant may use; null for all */
    static CacheKey of(String tenant, Request request, @Nullable List<String> tiers) {
        String task = request.task() == null ? "" : request.task().wireName();
        String trim = request.trim() == null ? "" : Long.toString(request.trim().maxInputTokens());
        String batch = request.batch() == BatchDirective.NEVER ? BatchDirective.NEVER.wireName() : "";
        List<byte[]> parts = new ArrayList<>(List.of(
                Fingerprint.text(VERSION),
                Fingerprint.text(tenant),
                Fingerprint.text(request.url()),
                Fingerprint.text(task),
                Fingerprint.text(trim),
                Fingerprint.text(batch),
                CanonicalJson.bytes(determining(request.body()))));
        if (tiers != null && choosesNoModel(request)) {
            tiers.forEach(tier -> parts.add(Fingerprint.text(tier)));
        }
        return new CacheKey(tenant, Fingerprint.of(parts.toArray(byte[][]::new)));
    }

    private static boolean choosesNoModel(Request request) {
        return request.body().path("model").asString(AUTO).equals(AUTO);
    }

    private static ObjectNode determining(ObjectNode body) {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        body.forEachEntry((name, value) -> {
            if (!IGNORED.contains(name)) {
                kept.set(name, value);
            }
        });
        return kept;
    }
}
