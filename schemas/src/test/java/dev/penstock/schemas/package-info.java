/** Tests of the contracts: codec, records, schemas, AsyncAPI and examples held against each other. */
@NullMarked
package dev.penstock.schemas;

import org.jspecify.annotations.NullMarked;
