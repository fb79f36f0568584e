/** Tests of leaving for good: what the Kubernetes API may answer, and what is made of it. */
@NullMarked
package dev.penstock.membership;

import org.jspecify.annotations.NullMarked;
