package dev.penstock.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.schemas.CodecLimits;
import dev.penstock.schemas.RequestCodec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchStampTest {

    private static final String KEY = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    private static final BatchId ID = new BatchId(Instant.parse("2026-11-25T03:52:38Z"), 50_000, KEY);
    private static final String TEXT = "batch_20261125T035238Z_50000_" + KEY;
    private static final String PROOF = "A".repeat(236);
    private static final String BODY = "\"body\": {\"model\":\"m\",\"temperature\":1.50,\"metadata\":{\"x\":1}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{B}|{'metadata':{ID},B}",
                "{ B }|{'metadata':{ID}, B }",
                "{'metadata':{},B}|{'metadata':{ID},B}",
                "{B, 'metadata' : { 'a' : 1 } }|{B, 'metadata' : {ID, 'a' : 1 } }",
                "{'metadata':null,B}|{'metadata':{ID},B}",
                "{'metadata':{'a':{'penstock_batch_id':1}},B}|{'metadata':{ID,'a':{'penstock_batch_id':1}},B}",
                "{'metadata':{'a':1,'penstock_batch_id':'batch_old'},B}|{'metadata':{PROOF,'a':1,ONLY},B}",
                "{'metadata':{'penstock_batch_proof':{'n':[1]},'z':2},B}|{'metadata':{ONLY,PROOF,'z':2},B}",
                "{'metadata':{'penstock_batch_proof':'x','penstock_batch_id':[]},B}|{'metadata':{PROOF,ONLY},B}"
            })
    void shouldAddItsIdAndChangeNothingElse(String line, String expected) {
        // When
        byte[] stamped = BatchStamp.stamp(bytes(line), ID);

        // Then
        assertThat(new String(stamped, UTF_8)).isEqualTo(text(expected));
        assertThat(BatchStamp.read(stamped).orElseThrow().id()).isEqualTo(TEXT);
        assertThat(BatchStamp.read(stamped).orElseThrow().proof()).isEqualTo(PROOF);
        assertThat(stamped.length - bytes(line).length).isLessThanOrEqualTo(BatchStamp.MAX_BYTES);
        assertThat(new RequestCodec(CodecLimits.DEFAULT).parse(stamped))
                .isInstanceOf(RequestCodec.Parsed.Accepted.class);
    }

    @Test
    void shouldKnowNoStampThatIsNotWhole() {
        // Given
        byte[] stamped = BatchStamp.stamp(bytes("{B}"), ID);
        String escaped = new String(stamped, UTF_8).replaceFirst("AAAAAA", "\\\\u0041");

        // When / Then
        assertThat(BatchStamp.read(Arrays.copyOf(stamped, 300))).isEmpty();
        assertThat(BatchStamp.read(escaped.getBytes(UTF_8))).isEmpty();
        assertThat(BatchStamp.read(bytes("[1]"))).isEmpty();
        assertThat(BatchStamp.read(bytes("{'metadata':'x',B}"))).isEmpty();
        assertThat(BatchStamp.read(bytes("{'metadata':{ONLY},B}"))).isEmpty();
    }

    @Test
    void shouldProveEveryByteAndTheTenantOfALine() {
        // Given
        BatchSigner signer = new BatchSigner(Instant.parse("2026-11-25T03:52:38Z"), 2);
        BatchProof proof = new BatchProof(signer.id());
        BatchSigner.Line first = new BatchSigner.Line(bytes("{B,'metadata':{'a':1}}"), "acme");
        BatchSigner.Line second = new BatchSigner.Line(bytes("{B}"), "acme");
        List<byte[]> lines = signer.sign(List.of(first, second));
        byte[] line = lines.getFirst();

        // When / Then
        assertThat(holds(proof, line, "acme")).isTrue();
        assertThat(holds(proof, lines.getLast(), "acme")).isTrue();
        assertThat(holds(proof, line, "acme2")).isFalse();
        assertThat(holds(new BatchProof(ID), line, "acme")).isFalse();
        for (int i = 0; i < line.length; i++) {
            byte[] other = line.clone();
            other[i] ^= 1;
            assertThat(holds(proof, other, "acme")).as("byte %d", i).isFalse();
        }
    }

    @Test
    void shouldNotTakeAProofOfAnotherSignatureForTheOneThatItKnows() {
        // Given
        BatchSigner signer = new BatchSigner(Instant.parse("2026-11-25T03:52:38Z"), 2);
        BatchProof proof = new BatchProof(signer.id());
        byte[] line =
                signer.sign(List.of(new BatchSigner.Line(bytes("{B}"), "acme"))).getFirst();
        BatchStamp.Found stamp = BatchStamp.read(line).orElseThrow();
        byte[] text = Base64.getUrlDecoder().decode(stamp.proof());
        text[BatchProof.BYTES - 1] ^= 1;
        byte[] other = stamp.withProof(line, Base64.getUrlEncoder().encodeToString(text));

        // When / Then
        assertThat(holds(proof, line, "acme")).isTrue();
        assertThat(holds(proof, other, "acme")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64})
    void shouldLeadFromEachLineOfATreeToItsRoot(int lines) {
        // Given
        List<byte[]> leaves = IntStream.range(0, lines)
                .mapToObj(i -> LineTree.leaf(new byte[16], new byte[] {(byte) i}))
                .toList();
        LineTree tree = new LineTree(leaves);

        // When / Then
        for (int i = 0; i < lines; i++) {
            assertThat(LineTree.root(leaves.get(i), i, tree.path(i))).isEqualTo(tree.root());
            assertThat(LineTree.root(leaves.get(i), i ^ 1, tree.path(i))).isNotEqualTo(tree.root());
        }
    }

    @Test
    void shouldHaveRoomForTheLongestStamp() {
        // Given
        BatchId longest = new BatchId(Instant.parse("2026-11-25T03:52:38Z"), 999_999_999_999L, KEY);

        // When
        byte[] stamped = BatchStamp.stamp(bytes("{B}"), longest);

        // Then
        assertThat(stamped.length - bytes("{B}").length).isBetween(350, BatchStamp.MAX_BYTES);
    }

    @Test
    void shouldReadBackAnIdAndRefuseOtherTexts() throws Exception {
        assertThat(BatchId.read(TEXT)).isEqualTo(ID);
        assertThat(BatchId.read(new BatchSigner(Instant.now(), 7).id().toString())
                        .lines())
                .isEqualTo(7);
        for (String wrong : new String[] {
            "", "batch_x", "batch_20261125T035238Z_50000_00c0ffee", "batch_20261325T035238Z_5_" + KEY, TEXT + "\u001b"
        }) {
            assertThatThrownBy(() -> BatchId.read(wrong))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("expected: an id that penstock import printed");
        }
    }

    private static boolean holds(BatchProof proof, byte[] line, String tenant) {
        return BatchStamp.read(line)
                .filter(stamp -> proof.holds(line, stamp, tenant))
                .isPresent();
    }

    private static byte[] bytes(String line) {
        return text(line).getBytes(UTF_8);
    }

    private static String text(String line) {
        return line.replace('\'', '"')
                .replace("ID", "ONLY,PROOF")
                .replace("ONLY", "\"penstock_batch_id\":\"" + TEXT + '"')
                .replace("PROOF", "\"penstock_batch_proof\":\"" + PROOF + '"')
                .replace("B", "\"custom_id\":\"c\"," + BODY);
    }
}
