/**
 * Calls to providers of language models: one attempt over HTTP, and all that decides whether, where and when to make one.
 *
 * <p>Receives a {@link dev.penstock.provider.ProviderCall} for a target by name, hands back a {@link
 * dev.penstock.provider.ProviderReply}: what went wrong is a value, never an exception, and always says whether it may have
 * been billed. {@link dev.penstock.provider.Targets} is the way in: look, enter, then make the attempt or cancel it. {@link
 * dev.penstock.provider.AttemptPlan} chooses between targets, retries, waits and giving up; {@link
 * dev.penstock.provider.ProviderStack} has the decorators of one target in order. One folder for each kind of provider
 * stands below; a kind knows nothing of retries, chains and breakers.
 *
 * <p>Owns, in memory and for this instance: the breaker and the concurrency limit of each target, the rate gate of each
 * quota account, the retry budget, and the few tenants whose calls failed or were answered last there. Nothing of it is durable; what a call has behind it ({@link
 * dev.penstock.provider.Attempts}) is kept by whoever makes the call.
 *
 * <p>What can go wrong: a lease that is neither called nor cancelled holds its permit for ever; one used twice throws. A
 * provider that hangs is ended by the call's timeout, and until then holds a permit and at most its share of the probes.
 */
@NullMarked
package dev.penstock.provider;

import org.jspecify.annotations.NullMarked;
