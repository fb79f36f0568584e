package dev.penstock.faults;

import dev.penstock.guarantees.Content;
import dev.penstock.guarantees.ContentReader;
import dev.penstock.guarantees.Role;
import java.util.HashMap;
import java.util.Map;

/** What the budgets topic says at last. */
final class PublishedBudgets {

    private PublishedBudgets() {}

    /** The last status of each tenant's month. */
    static Map<String, Content.Budget> months(Rig rig) {
        Map<String, Content.Budget> months = new HashMap<>();
        try (TopicReader reader =
                new TopicReader(rig.bootstrap(), Map.of(rig.topics().names().budgets(), Role.BUDGETS))) {
            reader.readToEnd().forEach(observed -> {
                if (ContentReader.read(Role.BUDGETS, observed.message()) instanceof Content.Budget budget
                        && budget.window().equals("month")
                        && budget.model() == null) {
                    months.put(budget.tenant(), budget);
                }
            });
        }
        return months;
    }
}
