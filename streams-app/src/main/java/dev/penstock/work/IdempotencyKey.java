package dev.penstock.work;

/**
 * What makes two requests of a tenant the same request.
 *
 * @param hash SHA-256 over tenant and key, in hexadecimal: bounded whatever the caller sent, and scoped to the tenant
 * @param fingerprint SHA-256, in hexadecimal, over what the key was used for; another fingerprint is a conflict
 */
public record IdempotencyKey(String hash, String fingerprint) {}
