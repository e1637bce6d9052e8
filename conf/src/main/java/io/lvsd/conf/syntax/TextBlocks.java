package io.lvsd.conf.syntax;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of virtual servers that one load reads, and those of a former load that it need not read again. Used by the
 * thread that loads.
 */
public final class TextBlocks {
    private static final String KEYWORD = "virtual_server";

    private final Collection<TextBlock> formerBlocks;

    /** Of a former load, by file and first line; null: not needed yet. */
    private @Nullable Map<Place, TextBlock> former;

    /** Of this load, by the word of their keyword, which is a different object in each block. */
    private final IdentityHashMap<Word, Use> uses = new IdentityHashMap<>();

    private record Place(String file, String header) {}

    /**
     * A block of this load.
     *
     * @param former the same block in the former load, whose content was not read again; empty: it was read
     */
    public record Use(TextBlock block, Optional<TextBlock> former) {}

    /** Real servers of this load that are as they were, by the word of their keyword. */
    private final IdentityHashMap<Word, ServerUse> servers = new IdentityHashMap<>();

    /**
     * A real server that was not read again, in a virtual server that was.
     *
     * @param former the virtual server in the former load
     * @param part its number there
     */
    public record ServerUse(TextBlock former, int part) {}

    private int depth;
    private boolean betweenBlocks = true;
    private boolean clear = true;
    private boolean independent = true;
    private @Nullable Candidate candidate;
    private Optional<Expected> expected = Optional.empty();

    /** The block that is read next: as it was, and what of it is the same. */
    private record Expected(TextBlock former, SamePlaces.Found same) {}

    /** A block that is being read. */
    private static final class Candidate {
        final int start;
        final int line;
        final int reports;
        final int expanded;
        final long work;

        /** What it is compared with, if only some of its real servers are read. */
        @Nullable
        TextBlock former;

        List<SamePlaces.Place> same = List.of();
        int nextSame;

        @Nullable
        Word keyword;

        // its real servers
        final TextParts.Builder parts = new TextParts.Builder();
        boolean partsKnown = true;
        boolean inPart;
        boolean partClosed;
        int partStart;
        int partLine;
        int partExpanded;
        long partWork;

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
        formerBlocks = former;
    }

    private Map<Place, TextBlock> byHeader() {
        Map<Place, TextBlock> known = former;
        if (known == null) {
            known = HashMap.newHashMap(formerBlocks.size());
            for (TextBlock block : formerBlocks) {
                known.put(new Place(block.file(), block.header()), block);
            }
            former = known;
        }
        return known;
    }

    /** The block that is read next is known to be a changed one of the former load. */
    void expect(TextBlock block, SamePlaces.Found same) {
        expected = Optional.of(new Expected(block, same));
    }

    /** A block is as it was, under the same keyword. */
    void unchanged(Word keyword, TextBlock block, String text, int start) {
        uses.put(keyword, new Use(block.at(text, start, block.firstLine()), Optional.of(block)));
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

    /** The block of the former load with the line at a place of a file, where {@link #mayStart} is true. */
    Optional<TextBlock> former(String file, String text, int start, int end) {
        return expected.map(Expected::former)
                .or(() -> Optional.ofNullable(byHeader().get(new Place(file, text.substring(start, end)))));
    }

    /** Uses a block of the former load, and returns the tokens in its place: those of an empty block. */
    List<Token> reuse(TextBlock block, String text, int start, int line, Token.Line header) {
        Word keyword = header.words().getFirst();
        uses.put(keyword, new Use(block.at(text, start, line), Optional.of(block)));
        return List.of(header, new Token.Open(keyword.origin()), new Token.Close(keyword.origin()));
    }

    /**
     * A block starts with a line, before anything of it is read.
     *
     * @param known the former one with this line
     */
    void start(Optional<TextBlock> known, String text, int start, int line, int reports, int expanded, long work) {
        Candidate block = new Candidate(start, line, reports, expanded, work);
        if (known.isPresent()) {
            block.former = known.get();
            block.same = expected.map(Expected::same)
                    .or(() -> SamePlaces.find(known.get(), text, start))
                    .map(SamePlaces.Found::places)
                    .orElse(List.of());
        }
        candidate = block;
    }

    /** The real server at the start of a line that need not be read again. */
    Optional<ServerUse> sameServer(int start) {
        Candidate block = candidate;
        if (block == null || depth != 1 || block.inPart || block.nextSame == block.same.size()) {
            return Optional.empty();
        }
        SamePlaces.Place place = block.same.get(block.nextSame);
        if (place.start() != start) {
            return Optional.empty();
        }
        block.nextSame++;
        return Optional.of(new ServerUse(Objects.requireNonNull(block.former), place.part()));
    }

    /** Uses a real server of the former load, and returns the tokens in its place: those of an empty block. */
    List<Token> reuse(ServerUse use, int start, Token.Line header) {
        Word keyword = header.words().getFirst();
        servers.put(keyword, use);
        TextParts parts = use.former().parts();
        int part = use.part();
        Candidate block = Objects.requireNonNull(candidate);
        int length = parts.end(part) - parts.start(part);
        int from = start - block.start;
        block.parts.add(from, from + length, parts.lines(part), parts.expanded(part), parts.work(part));
        return List.of(header, new Token.Open(keyword.origin()), new Token.Close(keyword.origin()));
    }

    /** The real server that a keyword starts, if it is as it was. */
    public Optional<ServerUse> server(Word keyword) {
        return Optional.ofNullable(servers.get(keyword));
    }

    /** A line starts, before anything of it is read. */
    void lineStarts(String text, int start, int line, int expanded, long work) {
        Candidate block = candidate;
        if (block != null && depth == 1 && !block.inPart && SamePlaces.isServer(text, start)) {
            block.inPart = true;
            block.partClosed = false;
            block.partStart = start;
            block.partLine = line;
            block.partExpanded = expanded;
            block.partWork = work;
        }
    }

    /** The real servers must be whole lines: with anything else in these lines, they are not used again one by one. */
    private void tokenInPart(Candidate block, Token token) {
        if (block.inPart) {
            block.partsKnown &= !block.partClosed;
            block.partClosed = depth == 1 && token instanceof Token.Close;
        }
    }

    private static void partRead(Candidate block, int end, int line, int expanded, long work) {
        if (block.inPart && block.partClosed) {
            block.inPart = false;
            block.parts.add(
                    block.partStart - block.start,
                    end - block.start,
                    line - block.partLine + 1,
                    expanded - block.partExpanded,
                    (int) (work - block.partWork));
        }
    }

    /** The meaning of the block that is being read depends on what is outside. */
    void dependent() {
        independent = false;
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
        if (block != null) {
            tokenInPart(block, token);
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
        if (block == null) {
            return;
        }
        partRead(block, end, line, expanded, work);
        if (!betweenBlocks) {
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
                                    work - block.work,
                                    block.partsKnown && !block.inPart ? block.parts.build() : TextParts.NONE),
                            Optional.empty()));
        }
    }

    /** What was parsed, without its statements. */
    private record Parsed(String file, String text, int expanded, long work) {}

    private Optional<Parsed> parsed = Optional.empty();

    /**
     * A file was parsed, and all that it includes.
     *
     * @param clean whether nothing was reported
     */
    void parsed(String file, String text, boolean clean, int expanded, long work) {
        parsed = clean && clear && independent ? Optional.of(new Parsed(file, text, expanded, work)) : Optional.empty();
    }

    /**
     * The file, for a load that reads only what changed; empty if the next load must read it completely.
     *
     * @param statements that it was parsed to
     * @param servers the blocks of all virtual servers among them, in their order
     */
    public Optional<FormerText> text(List<Statement> statements, List<TextBlock> servers) {
        List<Statement> kept = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (Statement statement : statements) {
            boolean server = statement.name().equals(KEYWORD);
            if (server) {
                places.add(kept.size());
            }
            List<Statement> block = statement.block();
            boolean full = server && block != null && !block.isEmpty();
            kept.add(full ? new Statement(statement.keyword(), statement.words(), List.of()) : statement);
        }
        return parsed.filter(_ -> places.size() == servers.size())
                .map(p -> new FormerText(p.file(), p.text(), kept, places, servers, p.expanded(), p.work()));
    }

    /** The structure of the text is not what its braces say: nothing of this load can be used again. */
    void unclear() {
        clear = false;
        uses.clear();
        servers.clear();
    }

    /** Whether no line depends on another one, or on anything but this file. */
    boolean isIndependent() {
        return independent;
    }

    /** Whether the structure of the text is what its braces say; if not, the blocks used again may be in wrong places. */
    public boolean isClear() {
        return clear;
    }
}
