package dev.penstock;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.penstock.embedded.OwnBroker;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the layout: which folder may know of which. */
@Execution(ExecutionMode.CONCURRENT)
class ArchitectureTest {

    private static final JavaClasses MAIN = imported(new ImportOption.DoNotIncludeTests());
    private static final JavaClasses TESTS = imported(new ImportOption.OnlyIncludeTests());

    /** Stages that exist, and those whose place is kept: a new one is bound by the rules from its first class. */
    private static final String[] STAGES = {
        "dev.penstock.intake..",
        "dev.penstock.idempotency..",
        "dev.penstock.cache..",
        "dev.penstock.tiering..",
        "dev.penstock.trimming..",
        "dev.penstock.budget..",
        "dev.penstock.batching..",
        "dev.penstock.dispatch..",
        "dev.penstock.outcome.."
    };

    private static final String POLICY = ".*Policy(\\$.*)?";

    private static JavaClasses imported(ImportOption option) {
        return new ClassFileImporter().withImportOption(option).importPackages("dev.penstock");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "intake",
                "idempotency",
                "cache",
                "tiering",
                "trimming",
                "budget",
                "batching",
                "dispatch",
                "outcome"
            })
    void shouldLetAStageKnowOnlyTheVocabulary(String stage) {
        // Given
        String own = "dev.penstock." + stage + "..";
        String provider = stage.equals("dispatch") ? "dev.penstock.provider" : own;

        // When / Then
        noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat(resideInAPackage("dev.penstock..")
                        .and(not(resideInAnyPackage(
                                own,
                                provider,
                                "dev.penstock.work..",
                                "dev.penstock.schemas..",
                                "dev.penstock.config.."))))
                .because("stages meet in pipeline and speak the vocabulary of work")
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void shouldLetOnlyThePipelineKnowStages() {
        noClasses()
                .that(not(resideInAnyPackage(STAGES)))
                .and()
                .resideOutsideOfPackage("dev.penstock.pipeline..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(STAGES)
                .check(MAIN);
    }

    @Test
    void shouldKeepTheVocabularyBelowEverything() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.penstock.work..", "dev.penstock.schemas..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.penstock..")
                        .and(not(resideInAnyPackage("dev.penstock.work..", "dev.penstock.schemas.."))))
                .check(MAIN);
    }

    @Test
    void shouldKeepKafkaOutOfPolicies() {
        noClasses()
                .that()
                .haveNameMatching(POLICY)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(MAIN);
    }

    @Test
    void shouldGivePoliciesTheTimeInsteadOfAClock() {
        noClasses()
                .that()
                .haveNameMatching(POLICY)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Clock.class, InstantSource.class, Date.class)
                .orShould()
                .callMethodWhere(JavaCall.Predicates.target(describe("a clock", ArchitectureTest::readsAClock)))
                .because("a policy takes Instant now, so that a test can choose it")
                .check(MAIN);
    }

    private static boolean readsAClock(CodeUnitAccessTarget target) {
        String owner = target.getOwner().getPackageName();
        String name = target.getName();
        return (owner.equals("java.time") && name.equals("now"))
                || name.equals("currentTimeMillis")
                || name.equals("nanoTime");
    }

    @Test
    void shouldKeepHttpAndResilienceInTheProvider() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.penstock.provider..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.hc..", "io.github.resilience4j..")
                .check(MAIN);
    }

    @Test
    void shouldKeepOpenTelemetryInTracing() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.penstock.tracing..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.opentelemetry..")
                .check(MAIN);
    }

    @Test
    void shouldKeepBrokerClassesInEmbedded() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.penstock.embedded..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "kafka..",
                        "org.apache.kafka.server..",
                        "org.apache.kafka.metadata..",
                        "org.apache.kafka.controller..",
                        "org.apache.kafka.coordinator..",
                        "org.apache.kafka.image..",
                        "org.apache.kafka.network..",
                        "org.apache.kafka.raft..",
                        "org.apache.kafka.storage..")
                .check(MAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "fake"})
    void shouldKeepWhatIsForDevelopmentOutOfThePipeline(String folder) {
        classes()
                .that()
                .resideInAPackage("dev.penstock." + folder + "..")
                .should()
                .onlyHaveDependentClassesThat()
                .resideInAnyPackage("dev.penstock." + folder + "..", "dev.penstock.cli..", "dev.penstock.bench..")
                .check(MAIN);
    }

    @Test
    void shouldUseOneJackson() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("com.fasterxml.jackson..")
                        .and(not(resideInAPackage("com.fasterxml.jackson.annotation"))))
                .because("Kafka brings its own Jackson 2, which is not ours; Jackson 3 shares only its annotations")
                .check(MAIN);
    }

    @Test
    void shouldHaveNoCyclesBetweenFolders() {
        slices().matching("dev.penstock.(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void shouldNameClassesAfterWhatTheyDo() {
        for (JavaClasses classes : List.of(MAIN, TESTS)) {
            noClasses()
                    .should()
                    .haveNameMatching(".*(Utils?|Manager|Helper|Impl|Common)")
                    .check(classes);
        }
    }

    /** Or a run on containers would pass tests that have not seen one. */
    @Test
    void shouldLetOnlyTestsThatSaySoStartABrokerPastTheSwitch() {
        Set<String> brokers = Set.of("EmbeddedBroker", "BrokerProcess", "BrokerMain", "BrokerChild");
        Set<String> theSwitch = Set.of("SharedBroker", "Rig", "BrokerChild");
        noClasses()
                .that(not(resideInAPackage("dev.penstock.embedded")))
                .and()
                .areNotAnnotatedWith(OwnBroker.class)
                .and(describe(
                        "are not the switch",
                        each -> !theSwitch.contains(each.getName().replaceAll(".*\\.|\\$.*", ""))))
                .should()
                .dependOnClassesThat(describe("are brokers", each -> brokers.contains(each.getSimpleName())))
                .because("-Dpenstock.test.broker says what tests run against")
                .check(TESTS);
    }

    @Test
    void shouldMarkEveryPackageForNullChecks() {
        for (JavaClasses classes : List.of(MAIN, TESTS)) {
            assertThat(classes.stream().map(JavaClass::getPackage).distinct())
                    .isNotEmpty()
                    .allSatisfy(folder -> assertThat(folder.isAnnotatedWith(NullMarked.class))
                            .as("@NullMarked in package-info.java of %s", folder.getName())
                            .isTrue());
        }
    }
}
