package dev.penstock.cache;

/**
 * Followers whose leader had no answer for them.
 *
 * @param how they continue
 * @param tenant whose they are
 * @param hash what they ask for
 */
record Release(How how, String tenant, String hash) {

    /** How followers continue. */
    enum How {
        /** Each makes its own call. */
        APART,
        /** The most urgent leads, the others follow it. */
        TOGETHER
    }

    static Release of(How how, CacheKey key) {
        return new Release(how, key.tenant(), key.hash());
    }

    CacheKey key() {
        return new CacheKey(tenant, hash);
    }
}
