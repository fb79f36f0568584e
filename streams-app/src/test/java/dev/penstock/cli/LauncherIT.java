package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.embedded.OwnBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as a user calls it. Runs after the jar was packaged. */
@OwnBroker("it starts none")
class LauncherIT {

    private static final Path LAUNCHER = Path.of("../penstock").toAbsolutePath().normalize();
    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    Path directory;

    @Test
    void shouldWorkThroughALinkFromAnotherDirectory() throws Exception {
        // Given
        Path link = Files.createSymbolicLink(directory.resolve("linked"), LAUNCHER);

        // When
        Process help = new ProcessBuilder(link.toString(), "--help")
                .directory(directory.toFile())
                .start();

        // Then
        assertThat(new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(RootHelp.TEXT);
        assertThat(help.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(help.exitValue()).isZero();
    }

    @Test
    void shouldPassExitCodesOn() throws Exception {
        // When
        Process wrong = launch(LAUNCHER, "nope");

        // Then
        assertThat(wrong.waitFor()).isEqualTo(2);
    }

    @Test
    void shouldEndInOrderOnSigterm() throws Exception {
        // Given
        Process fake = launch(LAUNCHER, "fake-provider");
        BufferedReader out = new BufferedReader(new InputStreamReader(fake.getInputStream(), StandardCharsets.UTF_8));
        assertThat(out.readLine()).startsWith("fake provider on http://127.0.0.1:");

        // When
        fake.destroy();

        // Then
        assertThat(fake.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(fake.exitValue()).isZero();
    }

    @Test
    void shouldSayInOneLineThatAJdkIsMissing() throws Exception {
        // Given
        Path copy = Files.copy(LAUNCHER, directory.resolve("penstock"), StandardCopyOption.COPY_ATTRIBUTES);
        String script = Files.readString(copy).replace("JDK_WANTED=25", "JDK_WANTED=999");
        Files.writeString(copy, script);

        // When
        Process process = launch(copy, "--help");

        // Then
        assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("penstock: no JDK 999 found")
                .hasLineCount(1);
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void shouldEndAnInstanceThatHasNoMemory() throws Exception {
        // Given
        Path copy = Files.copy(LAUNCHER, directory.resolve("penstock"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(directory.resolve("streams-app/target/lib"));
        Files.createFile(directory.resolve("streams-app/target/streams-app-1.jar"));
        Path jdk = directory.resolve("jdk");
        Path java = Files.createDirectories(jdk.resolve("bin")).resolve("java");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        Files.writeString(java, "#!/bin/sh\necho \"$@\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        ProcessBuilder builder = new ProcessBuilder(copy.toString(), "run");
        builder.environment().put("JAVA_HOME", jdk.toString());

        // When
        Process process = builder.start();

        // Then
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains(" -XX:+ExitOnOutOfMemoryError ")
                .endsWith(" dev.penstock.cli.Main run\n");
        assertThat(process.waitFor()).isZero();
    }

    /** Without building: what is tested is what was packaged. */
    private Process launch(Path launcher, String argument) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString(), argument).directory(directory.toFile());
        builder.environment().put("PENSTOCK_LAUNCHER", "nobuild");
        return builder.start();
    }
}
