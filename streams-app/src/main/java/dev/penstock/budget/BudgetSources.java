package dev.penstock.budget;

import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Where policies and usage are read.
 *
 * @param tenants the topic of policies
 * @param usage the topic of usage events
 * @param rerouted the topics of records that were forwarded once already
 * @param partitionOf the partition that a tenant's records belong to
 */
public record BudgetSources(String tenants, String usage, Set<String> rerouted, ToIntFunction<String> partitionOf) {}
