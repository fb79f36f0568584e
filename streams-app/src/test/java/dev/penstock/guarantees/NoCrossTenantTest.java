package dev.penstock.guarantees;

import static dev.penstock.guarantees.GuaranteeAssert.assertIllegal;
import static dev.penstock.guarantees.GuaranteeAssert.assertLegal;
import static dev.penstock.guarantees.Histories.TEN;
import static dev.penstock.guarantees.Histories.answerTo;
import static dev.penstock.guarantees.Histories.promptOf;

import org.junit.jupiter.api.Test;

class NoCrossTenantTest {

    private static final String TO_A = answerTo(promptOf("a", "q"));
    private static final String TO_B = answerTo(promptOf("b", "q"));

    @Test
    void shouldAcceptAnswersThatBelongToTheirPrompts() {
        assertLegal(this::guarantee, twoTenants().result(7, "a", "q", TO_A, TEN).result(8, "b", "q", TO_B, TEN));
    }

    @Test
    void shouldCatchTheAnswerToAnotherTenantsPrompt() {
        assertIllegal(this::guarantee, twoTenants().result(7, "a", "q", TO_B, TEN), "an answer to another prompt");
    }

    @Test
    void shouldCatchAResultUnderTheKeyOfAnotherTenant() {
        assertIllegal(this::guarantee, twoTenants().result("b", 7, "a", "q", TO_A, TEN), "has key b, asked by a");
    }

    @Test
    void shouldCatchAResultThatNamesAnotherTenant() {
        assertIllegal(this::guarantee, twoTenants().result("a", 7, "b", "q", TO_A, TEN), "names tenant b, asked by a");
    }

    private Guarantee guarantee() {
        return new NoCrossTenant(Histories::answerTo);
    }

    private static Histories twoTenants() {
        return Histories.empty().sent(7, "a", "q").sent(8, "b", "q");
    }
}
