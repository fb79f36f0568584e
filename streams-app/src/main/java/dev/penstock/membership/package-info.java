/**
 * Whether an instance that ends comes back.
 *
 * <p>Receives: the marker that {@code penstock leave} puts into the instance's state directory; in Kubernetes, what the API says of the pod's
 * StatefulSet. Sends on: whether the group is left when Kafka Streams is closed. State it owns: the marker. What can go wrong: the API cannot be
 * asked or says something else; then no marker is left, and the partitions move when the session has timed out.
 */
@NullMarked
package dev.penstock.membership;

import org.jspecify.annotations.NullMarked;
