package dev.penstock.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.schemas.CodecLimits;
import dev.penstock.schemas.RequestCodec;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchStampTest {

    private static final BatchId ID = new BatchId(Instant.parse("2026-11-25T03:52:38Z"), 50_000, "00c0ffee");
    private static final String TEXT = "batch_20261125T035238Z_50000_00c0ffee";
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
                "{'metadata':{'a':1,'penstock_batch_id':'batch_old'},B}|{'metadata':{'a':1,ID},B}",
                "{'metadata':{'penstock_batch_id':{'n':[1]},'z':2},B}|{'metadata':{ID,'z':2},B}"
            })
    void shouldAddItsIdAndChangeNothingElse(String line, String expected) {
        // When
        byte[] stamped = BatchStamp.stamp(bytes(line), ID);

        // Then
        assertThat(new String(stamped, UTF_8)).isEqualTo(text(expected));
        assertThat(BatchStamp.read(stamped)).contains(TEXT);
        assertThat(stamped.length - bytes(line).length).isLessThanOrEqualTo(BatchStamp.MAX_BYTES);
        assertThat(new RequestCodec(CodecLimits.DEFAULT).parse(stamped))
                .isInstanceOf(RequestCodec.Parsed.Accepted.class);
    }

    @Test
    void shouldReadTheIdOfALineThatIsCutBehindIt() {
        // Given
        byte[] stamped = BatchStamp.stamp(bytes("{B}"), ID);

        // When / Then
        assertThat(BatchStamp.read(Arrays.copyOf(stamped, stamped.length - 20))).contains(TEXT);
        assertThat(BatchStamp.read(Arrays.copyOf(stamped, 30))).isEmpty();
        assertThat(BatchStamp.read(bytes("[1]"))).isEmpty();
        assertThat(BatchStamp.read(bytes("{'metadata':'x',B}"))).isEmpty();
    }

    @Test
    void shouldReadBackAnIdAndRefuseOtherTexts() throws Exception {
        assertThat(BatchId.read(TEXT)).isEqualTo(ID);
        assertThat(BatchId.read(BatchId.of(Instant.now(), 7).toString()).lines())
                .isEqualTo(7);
        for (String wrong : new String[] {"", "batch_x", "batch_20261325T035238Z_5_00c0ffee", TEXT + "\u001b"}) {
            assertThatThrownBy(() -> BatchId.read(wrong))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("expected: an id that penstock import printed");
        }
    }

    private static byte[] bytes(String line) {
        return text(line).getBytes(UTF_8);
    }

    private static String text(String line) {
        return line.replace('\'', '"')
                .replace("ID", "\"penstock_batch_id\":\"" + TEXT + '"')
                .replace("B", "\"custom_id\":\"c\"," + BODY);
    }
}
