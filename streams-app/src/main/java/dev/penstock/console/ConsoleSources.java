package dev.penstock.console;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/**
 * What the console shows.
 *
 * @param topics closed with the console
 * @param instance the instance's id
 * @param version of the program
 */
public record ConsoleSources(
        HealthSource health, PrometheusMeterRegistry metrics, OperatorTopics topics, String instance, String version) {}
