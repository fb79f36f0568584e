package dev.penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.cli.Main;
import dev.penstock.guarantees.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** An instance that was told to leave gives its partitions up when it ends; one that was not keeps them for its return. */
@Execution(ExecutionMode.CONCURRENT)
class LeaveIT {

    private static final int LINES = 120;

    @Test
    void shouldGiveUpItsPartitionsWhenToldTo() throws IOException {
        // Given
        try (Rig rig = Rig.start("leave")) {
            Path marker = rig.directory().resolve(Path.of("state", "one", "one", ".leave-group"));
            Files.createDirectories(marker.getParent());
            Files.createFile(marker);
            AppChild one = rig.launch(spec(rig, "one"));
            AppChild two = rig.launch(spec(rig, "two"));
            one.awaitReady();
            two.awaitReady();
            assertThat(marker).as("left by a run that never ended").doesNotExist();
            List<Workload.Line> lines = new Workload("leave", 40).lines(2 * LINES, Seed.next("leave"));
            rig.sender().send(lines.subList(0, LINES));
            rig.awaitAllEnds();
            await().atMost(Limits.START).until(() -> rig.members().containsAll(Set.of("one", "two")));

            // When
            Child told = rig.launchUnsupervised(command(spec(rig, "one"), "leave"));
            assertThat(told.awaitExit(Limits.START)).as(told.output()).isZero();
            rig.recordFault(Event.Fault.Kind.TERMINATE, one);
            assertThat(one.terminate()).isZero();
            Set<String> after = rig.members();
            rig.sender().send(lines.subList(LINES, 2 * LINES));
            rig.awaitAllEnds();

            // Then
            assertThat(after).containsExactly("two");
            assertThat(marker).doesNotExist();
            Judgement.judge(rig);
            assertThat(rig.recorder().history().of(Event.ProviderCall.class)).hasSize(2 * LINES);
            assertThat(two.terminate()).isZero();
            assertThat(rig.members()).as("not told to leave").containsExactly("two");
        }
    }

    private static AppSpec spec(Rig rig, String name) {
        return rig.spec(name).with("streams.session_timeout", "20s");
    }

    private static ChildSpec command(AppSpec spec, String command) {
        List<String> arguments = List.of(
                command,
                "--set",
                "instance.id=" + spec.instance(),
                "--set",
                "instance.state_dir=" + spec.settings().get("instance.state_dir"));
        return new ChildSpec(command, Main.class, "64m", arguments, Map.of());
    }
}
