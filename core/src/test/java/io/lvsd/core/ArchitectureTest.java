package io.lvsd.core;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Directions between modules and packages, and what pure packages may use. Checked in the compiled classes. */
final class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.lvsd");

    /** Packages of pure functions and values: the same input always gives the same output. */
    private static final String[] PURE = {
        "io.lvsd.core.engine..",
        "io.lvsd.core.plan..",
        "io.lvsd.core.model..",
        "io.lvsd.checkers.health..",
        "io.lvsd.checkers.schedule..",
        "io.lvsd.conf.value..",
        "io.lvsd.conf.model..",
        "io.lvsd.ipvs.model..",
        "io.lvsd.ipvs.codec.."
    };

    @Test
    void theClassesOfAllModulesAreChecked() {
        for (String module : List.of("core", "checkers", "conf", "ipvs", "snmp", "sorryserver")) {
            assertTrue(CLASSES.stream().anyMatch(c -> c.getPackageName().startsWith("io.lvsd." + module)), module);
        }
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.lvsd.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    static Stream<Arguments> modules() {
        return Stream.of(
                Arguments.of("io.lvsd.conf..", new String[] {"io.lvsd.conf.."}),
                Arguments.of("io.lvsd.ipvs..", new String[] {"io.lvsd.ipvs.."}),
                Arguments.of("io.lvsd.sorryserver..", new String[] {"io.lvsd.sorryserver.."}),
                Arguments.of(
                        "io.lvsd.checkers..",
                        new String[] {"io.lvsd.checkers..", "io.lvsd.conf..", "io.lvsd.ipvs.ffm.."}),
                Arguments.of("io.lvsd.snmp..", new String[] {"io.lvsd.snmp..", "io.lvsd.conf..", "io.lvsd.ipvs.."}));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void modulesUseOnlyTheModulesBelowThem(String module, String[] allowed) {
        noClasses()
                .that()
                .resideInAPackage(module)
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.lvsd..").and(resideOutsideOfPackages(allowed)))
                .check(CLASSES);
    }

    private static final String[] CONF_WITHOUT_SOURCE = {
        "io.lvsd.conf",
        "io.lvsd.conf.value..",
        "io.lvsd.conf.syntax..",
        "io.lvsd.conf.keyword..",
        "io.lvsd.conf.check..",
        "io.lvsd.conf.model..",
        "io.lvsd.conf.load..",
        "io.lvsd.conf.hocon..",
        "io.lvsd.conf.convert.."
    };

    static Stream<Arguments> layers() {
        return Stream.of(
                // a package, and what it must not use
                Arguments.of("io.lvsd.conf.source..", CONF_WITHOUT_SOURCE),
                Arguments.of(
                        "io.lvsd.core.plan..",
                        new String[] {"io.lvsd.core.engine..", "io.lvsd.core.loop..", "io.lvsd.core.daemon.."}),
                Arguments.of("io.lvsd.core.engine..", new String[] {
                    "io.lvsd.core.loop..",
                    "io.lvsd.core.daemon..",
                    "io.lvsd.core.host..",
                    "io.lvsd.core.store..",
                    "io.lvsd.core.notify.."
                }),
                Arguments.of("io.lvsd.core.loop..", new String[] {
                    "io.lvsd.core.daemon..", "io.lvsd.core.cli..", "io.lvsd.core.metrics..", "io.lvsd.core.sorry.."
                }),
                Arguments.of("io.lvsd.core.sorry..", new String[] {
                    "io.lvsd.core.engine..",
                    "io.lvsd.core.daemon..",
                    "io.lvsd.core.cli..",
                    "io.lvsd.core.control..",
                    "io.lvsd.checkers..",
                    "io.lvsd.ipvs.."
                }),
                Arguments.of("io.lvsd.core.notify..", new String[] {"io.lvsd.core.loop..", "io.lvsd.core.metrics.."}),
                Arguments.of("io.lvsd.core.metrics..", new String[] {
                    "io.lvsd.core.daemon..",
                    "io.lvsd.core.api..",
                    "io.lvsd.core.http..",
                    "io.lvsd.core.control..",
                    "io.lvsd.core.cli.."
                }),
                Arguments.of("io.lvsd.core.daemon..", new String[] {"io.lvsd.core.cli..", "io.lvsd.core.control.."}));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void lowerPackagesDoNotUseHigherOnes(String lower, String[] higher) {
        noClasses()
                .that()
                .resideInAPackage(lower)
                .should()
                .dependOnClassesThat(resideInAnyPackage(higher))
                .check(CLASSES);
    }

    @Test
    void purePackagesHaveNoInputOutputClockOrThread() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "java.nio.file..", "java.nio.channels..", "org.slf4j..", "io.netty.channel..")
                        .and(not(type(Path.class))))
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.util.concurrent.Executor.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .check(CLASSES);
    }

    @Test
    void protocolsHaveNoSocketsChannelsOrThreads() {
        noClasses()
                .that()
                .resideInAPackage("io.lvsd.checkers.protocol..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.netty.channel..", "java.nio.channels..", "java.nio.file.."))
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.net.Socket.class)
                .check(CLASSES);
    }

    @Test
    void onlyTheForeignFunctionPackageMakesNativeCalls() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.lvsd.ipvs.ffm..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .check(CLASSES);
    }

    /** Foreign memory has an owner that closes it, so neither {@code Arena.ofAuto} nor {@code Arena.global}. */
    @Test
    void foreignMemoryHasAnOwner() {
        noClasses()
                .should()
                .callMethod(Arena.class, "ofAuto")
                .orShould()
                .callMethod(Arena.class, "global")
                .check(CLASSES);
    }

    @Test
    void nothingButTheDemoCommandUsesTheDemo() {
        classes()
                .that()
                .resideInAPackage("io.lvsd.core.demo..")
                .should()
                .onlyHaveDependentClassesThat(resideInAnyPackage("io.lvsd.core.demo..")
                        .or(DescribedPredicate.describe(
                                "are the demo command",
                                c -> c.getFullName().startsWith("io.lvsd.core.cli.DemoCommand"))))
                .check(CLASSES);
    }
}
