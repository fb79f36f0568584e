package dev.penstock.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Supplier;

/** Puts one guarantee before one history. */
final class GuaranteeAssert {

    private GuaranteeAssert() {}

    static void assertLegal(Supplier<Guarantee> guarantee, Histories histories) {
        assertThat(judge(guarantee, histories)).isEmpty();
    }

    static void assertIllegal(Supplier<Guarantee> guarantee, Histories histories, String evidence) {
        assertThat(judge(guarantee, histories))
                .singleElement()
                .extracting(Violation::what)
                .asString()
                .contains(evidence);
    }

    private static List<Violation> judge(Supplier<Guarantee> guarantee, Histories histories) {
        return new Checker(List.of(guarantee)).judge(histories.history());
    }
}
