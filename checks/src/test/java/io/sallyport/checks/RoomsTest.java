package io.sallyport.checks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The drawing of the rooms in ARCHITECTURE.md, kept true. Module directions are the compiler's business besides. */
class RoomsTest {
    private static final List<String> PURE =
            List.of("base", "wire", "model", "crypto", "esp", "forward", "ike", "gateway");

    private static JavaClasses classes;

    @BeforeAll
    static void readClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.sallyport");
    }

    @Test
    void everyPureRoomWasRead() {
        for (String room : PURE) {
            org.assertj.core.api.Assertions.assertThat(classes.stream().anyMatch(c -> in(room, c)))
                    .as(room)
                    .isTrue();
        }
    }

    /** Each room, and the rooms it may know. */
    @ParameterizedTest
    @CsvSource({
        "base, ''",
        "wire, base",
        "model, base wire",
        "crypto, base wire",
        "esp, base wire crypto",
        "forward, base wire",
        "ike, base wire crypto",
        "gateway, base wire model crypto ike",
        "documents, base wire model",
        "store, base",
        "pki, base",
        "eap, base wire",
        "radius, base wire",
        "api, base wire model store",
        "os, base wire crypto",
        "cli, base wire model documents pki",
    })
    void aRoomKnowsOnlyTheRoomsBelowIt(String room, String allowed) {
        List<String> below = List.of(allowed.split(" "));
        noClasses()
                .that(DescribedPredicate.describe("live in " + room, c -> in(room, c)))
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "live in another room than " + room + ", " + allowed,
                        c -> c.getPackageName().startsWith("io.sallyport.")
                                && !in(room, c)
                                && below.stream().noneMatch(other -> in(other, c))))
                .check(classes);
    }

    @Test
    void noRoomHasCyclesBetweenItsPackages() {
        slices().matching("io.sallyport.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void onlyTheRoomOsLinksNativeCode() {
        noClasses()
                .that(DescribedPredicate.describe("live outside os", c -> !in("os", c)))
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.SymbolLookup")
                .check(classes);
    }

    @Test
    void pureRoomsHoldNothingWhoseOrderOfIterationIsAnAccident() {
        fields().that(DescribedPredicate.describe(
                        "are in a pure room", f -> PURE.stream().anyMatch(room -> in(room, f.getOwner()))))
                .should()
                .notHaveRawType(DescribedPredicate.describe(
                        "Map, Set or a hash of either",
                        c -> List.of("java.util.Map", "java.util.HashMap", "java.util.Set", "java.util.HashSet")
                                .contains(c.getName())))
                .check(classes);
    }

    @Test
    void pureRoomsUseNoLibraryBesidesTheJdk() {
        noClasses()
                .that(DescribedPredicate.describe(
                        "live in a pure room", c -> PURE.stream().anyMatch(room -> in(room, c))))
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are of a library",
                        c -> !c.getPackageName().startsWith("io.sallyport")
                                && !c.getPackageName().startsWith("java.")
                                && !c.getPackageName().startsWith("javax.crypto")
                                && !c.getPackageName().startsWith("javax.security.auth")
                                && !c.getPackageName().startsWith("org.jspecify")
                                && !c.getPackageName().isEmpty()))
                .check(classes);
    }

    private static boolean in(String room, JavaClass type) {
        String name = type.getPackageName();
        return name.equals("io.sallyport." + room) || name.startsWith("io.sallyport." + room + ".");
    }
}
