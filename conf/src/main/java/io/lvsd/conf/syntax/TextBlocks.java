package io.lvsd.conf.syntax;

import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of virtual servers that one load reads, and those of a former load that it need not read again. Used by the
 * thread that loads.
 */
public final class TextBlocks {
    private static final String KEYWORD = "virtual_server";

    /** Of a former load, by file and first line. */
    private final Map<Place, TextBlock> former = new HashMap<>();

    /** Of this load, by the word of their keyword, which is a different object in each block. */
    private final IdentityHashMap<Word, Use> uses = new IdentityHashMap<>();

    private record Place(String file, String header) {}

    /**
     * A block of this load.
     *
     * @param former the same block in the former load, whose content was not read again; empty: it was read
     */
    public record Use(TextBlock block, Optional<TextBlock> former) {}

    private int depth;
    private boolean betweenBlocks = true;
    private boolean clear = true;
    private @Nullable Candidate candidate;

    /** A block that is being read. */
    private static final class Candidate {
        final int start;
        final int line;
        final int reports;
        final int expanded;
        final long work;

        @Nullable
        Word keyword;

        Candidate(int start, int line, int reports, int expanded, long work) {
            this.start = start;
            this.line = line;
            this.reports = reports;
            this.expanded = expanded;
            this.work = work;
        }
    }

    /** @param former blocks of a former load; none: everything is read */
    public TextBlocks(Collection<TextBlock> former) {
        former.forEach(block -> this.former.put(new Place(block.file(), block.header()), block));
    }

    /** The block that a keyword starts; empty if it must be read again by the next load. */
    public Optional<Use> use(Word keyword) {
        return Optional.ofNullable(uses.get(keyword));
    }

    /** Whether a block can start with the line at a place. */
    boolean mayStart(String text, int start) {
        int after = start + KEYWORD.length();
        return depth == 0
                && betweenBlocks
                && text.startsWith(KEYWORD, start)
                && after < text.length()
                && (text.charAt(after) == ' ' || text.charAt(after) == '\t');
    }

    /** The block of the former load that is at a place of the text, where {@link #mayStart} is true. */
    Optional<TextBlock> known(String file, String text, int start, int end) {
        return Optional.ofNullable(former.get(new Place(file, text.substring(start, end))))
                .filter(block -> block.isAt(text, start));
    }

    /** Uses a block of the former load, and returns the tokens in its place: those of an empty block. */
    List<Token> reuse(TextBlock block, String text, int start, int line, Token.Line header) {
        Word keyword = header.words().getFirst();
        uses.put(keyword, new Use(block.at(text, start, line), Optional.of(block)));
        return List.of(header, new Token.Open(keyword.origin()), new Token.Close(keyword.origin()));
    }

    /** A block starts with a line, before anything of it is read. */
    void start(int start, int line, int reports, int expanded, long work) {
        candidate = new Candidate(start, line, reports, expanded, work);
    }

    /** The meaning of the block that is being read depends on what is outside. */
    void dependent() {
        candidate = null;
    }

    /** A token was read. */
    void token(Token token) {
        Candidate block = candidate;
        switch (token) {
            case Token.Line(List<Word> words) -> {
                if (block != null && depth == 0) {
                    candidate = block.keyword == null ? block : null;
                    block.keyword = words.getFirst();
                }
            }
            case Token.Dropped _ -> candidate = null;
            case Token.Open _ -> depth++;
            case Token.Close _ -> depth--;
        }
        betweenBlocks = depth == 0 && token instanceof Token.Close;
    }

    /**
     * A line was read completely.
     *
     * @param end of the line in the text
     * @param line its number
     */
    void lineRead(String file, String text, int end, int line, int reports, int expanded, long work) {
        Candidate block = candidate;
        if (block == null || !betweenBlocks) {
            return;
        }
        candidate = null;
        if (block.keyword != null && block.reports == reports) {
            uses.put(
                    block.keyword,
                    new Use(
                            new TextBlock(
                                    file,
                                    text,
                                    block.start,
                                    end,
                                    block.line,
                                    line - block.line + 1,
                                    expanded - block.expanded,
                                    work - block.work),
                            Optional.empty()));
        }
    }

    /** The structure of the text is not what its braces say: nothing of this load can be used again. */
    void unclear() {
        clear = false;
        uses.clear();
    }

    /** Whether the structure of the text is what its braces say; if not, the blocks used again may be in wrong places. */
    public boolean isClear() {
        return clear;
    }
}
