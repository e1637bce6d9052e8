package io.lvsd.conf.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.source.Problems;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which changes of a file are read without parsing all of it. What they are read as: {@code RepeatedLoadTest}. */
final class ChangedBlocksTest {
    private static final Path FILE = Path.of("lvsd.conf");
    private static final String SECOND = """
        virtual_server 10.0.0.2 80 {
          lvs_sched rr
          real_server 10.1.0.1 80 {
            weight 1
          }
          # a comment
          real_server 10.1.0.2 80 {
            weight 2
            TCP_CHECK {
            }
          }
        }
        """;
    private static final String TEXT = """
        global_defs {
        }
        virtual_server 10.0.0.1 80 {
          real_server 10.1.0.1 80 {
            weight 1
          }
        }
        %s! the end
        """.formatted(SECOND);

    private static List<TextBlock> servers(List<Statement> statements, TextBlocks blocks) {
        return statements.stream()
                .flatMap(s -> blocks.use(s.keyword()).stream())
                .map(TextBlocks.Use::block)
                .toList();
    }

    private static Optional<FormerText> former(String text) {
        TextBlocks blocks = new TextBlocks(List.of());
        List<Statement> statements = new KeepalivedParser(new Problems(), Grammar.ANY, "").parse(FILE, text, blocks);
        return blocks.text(statements, servers(statements, blocks));
    }

    private static Optional<List<Statement>> changes(String before, String after) {
        FormerText former = former(before).orElseThrow();
        return KeepalivedParser.parseChanges(FILE, after, former, new TextBlocks(former.blocks()), Grammar.ANY, "");
    }

    private static List<Statement> block(Statement statement) {
        return Objects.requireNonNull(statement.block());
    }

    @Test
    void onlyTheBlockOfAChangedWeightIsRead() {
        String after = TEXT.replace("weight 2", "weight 20");
        FormerText former = former(TEXT).orElseThrow();
        TextBlocks blocks = new TextBlocks(former.blocks());
        List<Statement> statements = KeepalivedParser.parseChanges(FILE, after, former, blocks, Grammar.ANY, "")
                .orElseThrow();
        assertEquals(3, statements.size());
        assertSame(former.statements().get(0), statements.get(0));
        assertSame(former.statements().get(1), statements.get(1));
        List<Statement> second = block(statements.get(2));
        assertEquals(3, second.size());
        assertTrue(blocks.server(second.get(1).keyword()).isPresent());
        assertEquals("20", block(second.get(2)).getFirst().words().getFirst().text());
        assertEquals(14, second.get(2).origin().line());
        assertEquals(
                List.of(after, after),
                servers(statements, blocks).stream().map(TextBlock::text).toList());
    }

    @Test
    void changesFollowChanges() {
        String text = TEXT;
        FormerText former = former(text).orElseThrow();
        for (int weight = 5; weight < 2_000; weight *= 3) {
            text = TEXT.replace("weight 2", "weight " + weight);
            TextBlocks blocks = new TextBlocks(former.blocks());
            List<Statement> statements = KeepalivedParser.parseChanges(FILE, text, former, blocks, Grammar.ANY, "")
                    .orElseThrow();
            former = blocks.text(statements, servers(statements, blocks)).orElseThrow();
            FormerText complete = former(text).orElseThrow();
            assertEquals(complete.text(), former.text());
            assertEquals(complete.expanded(), former.expanded());
            assertEquals(complete.work(), former.work());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "weight 2\n    inhibit_on_failure",
                "weight 2 # {",
                "$A=3",
                "weight $A",
                "@here weight 3",
                "~SEQ(i, 1, 2) weight $i",
                "include other.conf",
                "random_seed 5",
                "weight = 3",
                "weight \"3\"",
                "weight 2 }",
                "{",
                "a\0b"
            })
    void whatMayMeanMoreIsReadCompletely(String line) {
        assertTrue(changes(TEXT, TEXT.replace("weight 2", line)).isEmpty());
    }

    @Test
    void otherLinesAreReadCompletely() {
        assertTrue(changes(TEXT, TEXT.replace("global_defs", "global_def")).isEmpty());
        assertTrue(changes(TEXT, TEXT.replace("rr", "sh")).isEmpty());
        assertTrue(changes(TEXT, TEXT.replace("10.0.0.2", "10.0.0.3")).isEmpty());
        assertTrue(changes(TEXT, TEXT.replace("the end", "an end")).isEmpty());
        assertTrue(changes(TEXT, TEXT + "a\n").isEmpty());
        assertTrue(changes(TEXT, TEXT.substring(0, TEXT.length() - 2)).isEmpty());
        assertTrue(changes(TEXT, SECOND).isEmpty());
        assertTrue(changes(TEXT.replace("weight 2", "a \"\"\" \"\"\""), TEXT).isEmpty());
        assertTrue(changes(TEXT, TEXT).isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$A=3\n",
                "@here a\n",
                "include none.conf\n",
                "random_seed 5\n",
                "}\n",
                " virtual_server a {\n}\n"
            })
    void aFileWhoseLinesDependOnOthersIsReadCompletely(String line) {
        assertTrue(former(line + TEXT).isEmpty());
        assertTrue(former(TEXT + line).isEmpty());
    }
}
