package io.lvsd.conf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.model.ConfigOrigins;
import io.lvsd.conf.source.ConfigProblem.Kind;
import io.lvsd.conf.source.ConfigProblem.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Problems come by position, summaries after what they summarize, and say what a command needs to know. */
final class ProblemOrderTest {
    private static final String SERVER =
            "virtual_server 192.0.2.1 80 {\nprotocol TCP\nlvs_sched rr\nlvs_method NAT\n%s\n"
                    + "real_server 10.0.0.1 80 {\n}\n}\n";

    @TempDir
    private Path directory;

    private Loaded load(String text) throws IOException {
        return ConfigLoader.load(Files.writeString(directory.resolve("main.conf"), text));
    }

    private static List<String> places(Loaded loaded) {
        return loaded.problems().stream()
                .map(p -> Path.of(p.origin().file()).getFileName() + ":"
                        + p.origin().line())
                .toList();
    }

    @Test
    void aFileComesBeforeWhatItIncludesWhicheverProblemWasFoundFirst() throws IOException {
        Files.writeString(directory.resolve("inc.conf"), "unclosed \"quote\n");
        Loaded loaded = load("include inc.conf\n" + SERVER.formatted("quorum 9"));
        assertEquals(List.of("main.conf:6", "inc.conf:1", "inc.conf:1"), places(loaded));
    }

    @Test
    void problemsFoundLaterAreSortedInAndMakeHoconUnusable() throws IOException {
        Loaded loaded = load("bogus\n" + SERVER.formatted("") + "bogus\n");
        Origin between = new Origin(directory.resolve("main.conf").toString(), 4, 1, "");
        ConfigProblem late = new ConfigProblem(Severity.ERROR, between, "late", "");
        assertEquals(List.of("main.conf:1", "main.conf:4", "main.conf:10"), places(loaded.with(List.of(late))));
        assertTrue(loaded.with(List.of(late)).loadable());
        Loaded hocon = new Loaded(
                loaded.config(),
                List.of(),
                true,
                ConfigFormat.HOCON,
                List.of(),
                List.of(),
                List.of(),
                ConfigOrigins.NONE);
        assertFalse(hocon.with(List.of(late)).loadable());
    }

    @Test
    void theSummaryComesLast() throws IOException {
        Loaded loaded = load("virtual_server 192.0.2.256 80 {\n}\nbogus\n");
        assertFalse(loaded.loadable());
        assertEquals(Kind.SUMMARY, loaded.problems().getLast().kind());
        assertEquals(
                "bogus",
                loaded.problems().get(loaded.problems().size() - 2).origin().sourceLine());
    }

    @ParameterizedTest
    @CsvSource({
        "includem missing.conf, true",
        "includew missing-*, true",
        "includea missing.conf, true",
        "include missing.conf, false"
    })
    void aFailedIncludeCheckIsKnownFromOtherErrors(String line, boolean failed) throws IOException {
        assertEquals(failed, load(line + "\n" + SERVER.formatted("")).has(Kind.INCLUDE_CHECK));
    }

    @ParameterizedTest
    @CsvSource({
        "quorum 2, ''",
        "hysteresis 1, ''",
        "'', lvs_sched rr",
        "'', lvs_method NAT",
        "'', protocol TCP",
        "hashed, ''"
    })
    void whatKeepalivedReportsIsAnErrorInItsSyntax(String added, String removed) throws IOException {
        Loaded loaded = load(SERVER.formatted(added).replace(removed.isEmpty() ? "\0" : removed, ""));
        assertTrue(loaded.hasErrors(), loaded.problems()::toString);
        assertTrue(loaded.loadable());
    }

    @Test
    void itIsAWarningInTheOtherSyntax() throws IOException {
        Path file = Files.writeString(
                directory.resolve("h.conf"),
                "virtual_server { web { address = \"192.0.2.1:80\", protocol = TCP, quorum = 2,"
                        + " real_server = [{ address = \"10.0.0.1:80\" }] } }\nlvsd { stop = keep }\n"
                        + "lvsd.repair = on\n");
        Loaded loaded = ConfigLoader.load(file);
        assertEquals(ConfigFormat.HOCON, loaded.format());
        assertTrue(loaded.loadable(), loaded.problems()::toString);
        assertEquals(3, loaded.problems().size(), loaded.problems()::toString);
    }

    @Test
    void aMethodIsMissedOnlyWhereAServerHasNone() throws IOException {
        String text = SERVER.formatted("").replace("lvs_method NAT\n", "");
        assertTrue(load(text).hasErrors());
        assertFalse(load(text.replace("10.0.0.1 80 {\n", "10.0.0.1 80 {\nlvs_method DR\n"))
                .hasErrors());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nb_get_retry 3 | use 'retry' in this block",
                "\u00a0\u00a0 | no-break space (U+00A0)",
                "retry\u00a03 | no-break space (U+00A0)",
                "\u2003retry 3 | em space (U+2003)",
                "\u200bretry 3 | zero width space (U+200B)",
                "retri 3 | did you mean 'retry'?",
                "delay_lop 3 | did you mean 'delay_loop'?",
                "quorum 1 | allowed in virtual_server",
            })
    void theHintOfAnUnknownKeywordSaysWhatToWrite(String line, String hint) throws IOException {
        Loaded loaded = load(SERVER.formatted("").replace("80 {\n}", "80 {\nTCP_CHECK {\n" + line + "\n}\n}"));
        assertEquals(1, loaded.problems().size(), loaded.problems()::toString);
        assertTrue(loaded.problems().getFirst().hint().contains(hint), loaded.problems()::toString);
    }
}
