package dev.penstock.pipeline;

import static dev.penstock.pipeline.Requests.codes;
import static dev.penstock.pipeline.Requests.only;
import static dev.penstock.pipeline.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where the record's key alone says whose a request is, a producer that cannot set it speaks for nobody else. */
class TenantOfKeyTest {

    private final TestPipeline pipeline = new TestPipeline("intake.tenant=key");

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void shouldNotGiveATenantsIdempotencyKeyToWhoNamesItInTheValue() {
        // Given
        String order = ",\"idempotency_key\":\"order-1\"";
        pipeline.send(null, request("evil-1", ",\"tenant\":\"acme\"" + order));
        pipeline.send("", request("evil-2", ",\"tenant\":\"acme\"" + order));
        pipeline.send("attacker", request("evil-3", ",\"tenant\":\"acme\"" + order));
        pipeline.commit();

        // When
        pipeline.send("acme", request("own", order));
        pipeline.commit();

        // Then
        assertThat(codes(pipeline.deadLetters()))
                .containsExactly("intake.invalid_tenant", "intake.invalid_tenant", "intake.tenant_mismatch");
        assertThat(only(pipeline.takeLaunched()).ticket().customId()).isEqualTo("own");
    }
}
