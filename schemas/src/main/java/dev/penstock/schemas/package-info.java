/**
 * The contracts: what stands on each topic, and the codecs that read and write it within hard limits.
 *
 * <p>A record that people send goes through {@link dev.penstock.schemas.RequestCodec}: it takes any bytes, never throws,
 * and answers with a {@link dev.penstock.schemas.Request} or with the one
 * {@link dev.penstock.schemas.DeadLetterCode} that applies. What Penstock writes itself goes through
 * {@link dev.penstock.schemas.WireCodec}: whatever a record's constructor lets pass can be written, and read back equal.
 * Both stand on {@link dev.penstock.schemas.BoundedJson}, which also reads the answers of providers: bytes are scanned
 * against the limits ({@code JsonScan}), then parsed into a tree that keeps every number exactly ({@code TreeBuilder}).
 * {@link dev.penstock.schemas.CanonicalJson} is the text of a tree that is hashed.
 *
 * <p>The same contracts stand as JSON Schemas, an AsyncAPI document and examples among this module's resources, in the
 * folder of this package's name; tests hold all of them against the records. No text that a record carries reaches an
 * error, a detail or a {@code toString}.
 */
@NullMarked
package dev.penstock.schemas;

import org.jspecify.annotations.NullMarked;
