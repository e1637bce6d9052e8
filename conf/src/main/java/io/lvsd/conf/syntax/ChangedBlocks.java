package io.lvsd.conf.syntax;

import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Parses a file of which only real servers changed: the virtual servers that differ are read, and for everything else the
 * statements of the former load are used. The text is compared block by block, which costs little more than to read the file.
 * Gives up, without a result, where a complete parser is needed: other lines differ, their number changes, or there is a
 * problem to report. Used by one thread.
 */
final class ChangedBlocks {
    private static final String QUOTES = "\"\"\"";

    private final FormerText former;
    private final Path file;
    private final String text;
    private final TextBlocks blocks;
    private final SourceFiles source;
    private final Function<List<Token>, List<Statement>> parser;
    private final Problems trial;
    private final List<Statement> statements;
    private int at;

    /**
     * @param trial for problems; one is enough to give up
     * @param parser of the tokens of one block
     */
    ChangedBlocks(
            FormerText former,
            Path file,
            String text,
            TextBlocks blocks,
            SourceFiles source,
            Function<List<Token>, List<Statement>> parser,
            Problems trial) {
        this.former = former;
        this.file = file;
        this.text = text;
        this.blocks = blocks;
        this.source = source;
        this.parser = parser;
        this.trial = trial;
        this.statements = new ArrayList<>(former.statements());
    }

    /** The statements of the file; empty: it must be read completely. */
    Optional<List<Statement>> read() {
        int expanded = former.expanded();
        long work = former.work();
        int before = 0;
        List<Integer> changed = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        List<SamePlaces.Found> found = new ArrayList<>();
        for (int i = 0; i < former.blocks().size(); i++) {
            TextBlock block = former.blocks().get(i);
            if (!isSame(before, block.start())) {
                return Optional.empty();
            }
            if (block.isAt(text, at)) {
                int statement = former.servers().get(i);
                blocks.unchanged(former.statements().get(statement).keyword(), block, text, at);
                at += block.length();
            } else {
                Optional<SamePlaces.Found> same = SamePlaces.find(block, text, at);
                if (same.isEmpty()) {
                    return Optional.empty();
                }
                changed.add(i);
                starts.add(at);
                found.add(same.get());
                expanded -= block.expanded();
                work -= block.work();
                at = same.get().end();
            }
            before = block.end();
        }
        if (!isSame(before, former.text().length()) || at != text.length() || !source.skip(expanded, work)) {
            return Optional.empty();
        }
        for (int i = 0; i < changed.size(); i++) {
            if (!isRead(changed.get(i), starts.get(i), found.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(statements);
    }

    /** Whether the text goes on like a part of the former one; moves behind it. */
    private boolean isSame(int start, int end) {
        boolean same = text.regionMatches(at, former.text(), start, end - start);
        at += end - start;
        return same;
    }

    /** Reads a changed block; false if that does not lead to one statement in as many lines as before. */
    private boolean isRead(int number, int start, SamePlaces.Found same) {
        TextBlock block = former.blocks().get(number);
        boolean quotes = block.text().indexOf(QUOTES, block.start(), block.end()) >= 0;
        if (quotes || ConfigFormat.of(text.substring(start, same.end())) != ConfigFormat.KEEPALIVED) {
            return false;
        }
        blocks.expect(block, same);
        List<Statement> read = parser.apply(source.read(file, text, start, same.end(), block.firstLine()));
        if (read.size() != 1 || trial.reports() > 0 || !blocks.isIndependent()) {
            return false;
        }
        statements.set(former.servers().get(number), read.getFirst());
        return blocks.use(read.getFirst().keyword())
                .map(TextBlocks.Use::block)
                .filter(now -> now.start() == start && now.end() == same.end() && now.lines() == block.lines())
                .isPresent();
    }
}
