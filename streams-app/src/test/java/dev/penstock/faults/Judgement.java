package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.fake.FakeAnswer;
import dev.penstock.guarantees.History;
import dev.penstock.guarantees.Promises;
import dev.penstock.guarantees.Violation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The end of every scenario: nothing is left over, the history is legal, and no log holds an error that the scenario does not expect. */
final class Judgement {

    /** The start limit that the instances run with: a call that was decided leaves within it or not at all. */
    static final Duration DECISION_TO_SEND = Duration.ofSeconds(2);

    /** On two busy cores an answer may take this long from the provider's socket to the outcomes topic. */
    static final Duration OUTCOME_WITHIN = Duration.ofSeconds(3);

    private Judgement() {}

    /** All promises, for the fake provider's answers. */
    static Promises promises() {
        return Promises.all(asked -> FakeAnswer.text(asked.model(), asked.prompt()), DECISION_TO_SEND, OUTCOME_WITHIN);
    }

    /** Judges by all promises, and allows no error line. */
    static void judge(Rig rig) {
        judge(rig, promises(), new LogAudit());
    }

    /** What a process may say when it finds the stores of an earlier run that was killed. */
    static LogAudit afterKill() {
        return new LogAudit();
    }

    /** Waits until nothing is left over, then judges. */
    static void judge(Rig rig, Promises promises, LogAudit audit) {
        rig.awaitRest();
        rig.audit();
        Path written = rig.writeHistory();
        History history = rig.recorder().history();
        List<Violation> violations = promises.checker().judge(history);
        assertThat(violations.stream().limit(20))
                .as("%d violations, history in %s", violations.size(), written)
                .isEmpty();
        assertThat(errorLines(rig, audit)).as("error lines").isEmpty();
    }

    /** The same, and no log tells of a cause more often than once a minute. */
    static void judgeQuiet(Rig rig, Promises promises, LogAudit audit) {
        judge(rig, promises, audit);
        List<String> repeated = new ArrayList<>();
        for (Child child : rig.processes()) {
            repeated.addAll(audit.repeated(child.name(), child.log().toString(), child.output()));
        }
        assertThat(repeated).as("causes that are told of too often").isEmpty();
    }

    /** The error lines of all processes that the audit does not allow. */
    static List<String> errorLines(Rig rig, LogAudit audit) {
        List<String> errors = new ArrayList<>();
        for (Child child : rig.processes()) {
            errors.addAll(audit.unexpected(child.name(), child.log().toString(), child.output()));
        }
        return errors;
    }
}
