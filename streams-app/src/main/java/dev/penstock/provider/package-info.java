/**
 * Calls to a provider of language models, behind one blocking interface.
 *
 * <p>Receives a {@link dev.penstock.provider.ProviderCall}, hands back a {@link dev.penstock.provider.ProviderReply}: what
 * went wrong is a value, never an exception, and always says whether it may have been billed. Holds no state of the
 * pipeline. One folder for each kind of provider stands below; retries, chains and breakers are decorators of the same
 * interface and never live inside a kind.
 */
@NullMarked
package dev.penstock.provider;

import org.jspecify.annotations.NullMarked;
