/**
 * The topics on a cluster: made by {@link dev.penstock.topics.TopicCreation}, held against their {@link dev.penstock.pipeline.TopicSpec} by
 * {@link dev.penstock.topics.TopicCheck}, which every start runs, the age of the brokers included. What is wrong comes back as lines for a person, never as an exception.
 */
@NullMarked
package dev.penstock.topics;

import org.jspecify.annotations.NullMarked;
