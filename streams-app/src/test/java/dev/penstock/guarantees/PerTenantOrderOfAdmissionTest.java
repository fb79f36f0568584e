package dev.penstock.guarantees;

import static dev.penstock.guarantees.GuaranteeAssert.assertIllegal;
import static dev.penstock.guarantees.GuaranteeAssert.assertLegal;
import static dev.penstock.guarantees.Histories.TEN;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PerTenantOrderOfAdmissionTest {

    @Test
    void shouldAcceptAnswersOutOfOrder() {
        assertLegal(PerTenantOrderOfAdmission::new, admitted("a", TEN.plusSeconds(1), "a", TEN));
    }

    @Test
    void shouldAcceptAnyOrderBetweenTenants() {
        assertLegal(PerTenantOrderOfAdmission::new, admitted("b", TEN, "a", TEN.plusSeconds(1)));
    }

    @Test
    void shouldCatchALaterRequestAdmittedFirst() {
        assertIllegal(
                PerTenantOrderOfAdmission::new,
                admitted("a", TEN, "a", TEN.plusSeconds(1)),
                "offset=8] was admitted at " + TEN);
    }

    private static Histories admitted(String tenantOf8, Instant at8, String tenantOf7, Instant at7) {
        return Histories.empty()
                .sent(7, tenantOf7, "q")
                .sent(8, tenantOf8, "r")
                .result(8, tenantOf8, "r", "any", at8)
                .result(7, tenantOf7, "q", "any", at7);
    }
}
