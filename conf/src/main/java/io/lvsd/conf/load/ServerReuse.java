package io.lvsd.conf.load;

import io.lvsd.conf.keyword.RootKeywords;
import io.lvsd.conf.language.Language;
import io.lvsd.conf.load.FormerServers.Known;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.source.HostReference;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.FormerText;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.TextBlock;
import io.lvsd.conf.syntax.TextBlocks;
import io.lvsd.conf.syntax.Word;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The virtual servers of one load: those whose lines the former load has read too are used again. Everything else at the top
 * level must be the same then, and no problem may have been reported for them. In a virtual server whose lines differ, real
 * servers are used again if only other real servers differ. What is built again, and is equal to a part of the former load, is
 * the same object. Used by one thread.
 */
public final class ServerReuse {
    private final FormerServers former;
    private TextBlocks blocks;
    private final IdentityHashMap<TextBlock, Known> built = new IdentityHashMap<>();
    private final SharedParts parts = new SharedParts();
    private final List<VirtualServerConfig> configs = new ArrayList<>();
    private final List<TextBlock> order = new ArrayList<>();
    private List<Statement> parsed = List.of();
    private String surroundings = "";
    private boolean distinct;

    public ServerReuse(FormerServers former) {
        this.former = former;
        this.blocks = new TextBlocks(former.blocks());
    }

    /** The file of the former load, if it may be enough to parse what changed. */
    public Optional<FormerText> formerText() {
        return former.text();
    }

    /** For a parser of this load; what another one has read does not count. */
    public TextBlocks newBlocks() {
        blocks = new TextBlocks(former.blocks());
        return blocks;
    }

    /**
     * Whether the statements that the parser returned mean the same as those of a complete load. If not, everything must be
     * read again. Must be called before they are built.
     */
    public boolean isExact(List<Statement> statements) {
        parsed = statements;
        surroundings = surroundings(statements);
        return former.isWithoutBlocks()
                || blocks.isClear()
                        && former.isSurroundedBy(surroundings)
                        // A check after a virtual server may belong to its last real server.
                        && statements.stream().noneMatch(s -> Language.KEYWORDS.isCheck(s.name()));
    }

    /** No virtual server of this load has the identity or a target of another one. */
    void distinct() {
        distinct = true;
    }

    /** Whether that is known, as it was so in the former load, and only other settings differ. */
    boolean isDistinct() {
        distinct = former.hasTargetsOf(configs);
        return distinct;
    }

    /** What the next load can use again. */
    public FormerServers next() {
        return new FormerServers(built, surroundings, blocks.text(parsed, order), configs, distinct);
    }

    /** The virtual server of a statement, which is built only if it is not known. */
    Optional<VirtualServer> server(Statement statement, Problems problems, Supplier<Optional<VirtualServer>> build) {
        Optional<VirtualServer> server =
                known(statement, problems, () -> build.get().map(this::shared));
        server.ifPresent(vs -> configs.add(vs.config()));
        return server;
    }

    /** The object that all equal settings of this load are. */
    <T> T shared(T setting) {
        return parts.shared(setting);
    }

    private VirtualServer shared(VirtualServer server) {
        return server.with(parts.of(former.config(server.config().id()), server.config()));
    }

    private Optional<VirtualServer> known(
            Statement statement, Problems problems, Supplier<Optional<VirtualServer>> build) {
        Optional<TextBlocks.Use> use = blocks.use(statement.keyword());
        if (use.isEmpty()) {
            return build.get();
        }
        TextBlock block = use.get().block();
        Optional<TextBlock> before = use.get().former();
        Optional<Known> known = before.flatMap(former::of)
                .map(k -> k.moved(block.firstLine() - before.orElseThrow().firstLine()));
        if (known.isPresent()) {
            known.get().references().forEach(problems::refersTo);
            built.put(block, known.get());
            order.add(block);
            return Optional.of(known.get().server());
        }
        return read(block, problems, build);
    }

    private Optional<VirtualServer> read(TextBlock block, Problems problems, Supplier<Optional<VirtualServer>> build) {
        int reports = problems.reports();
        int references = problems.referenceCount();
        Optional<VirtualServer> server = build.get();
        if (problems.reports() == reports) {
            server.filter(ServerReuse::isIndependent)
                    .map(vs -> new Known(vs, problems.referencesAfter(references)))
                    .filter(k -> k.isWithin(block))
                    .ifPresent(k -> {
                        TextBlock usable = k.hasParts(block) ? block : block.withoutParts();
                        built.put(usable, k);
                        order.add(usable);
                    });
        }
        return server;
    }

    /** Whether a statement is a real server that {@link #realServer} has. */
    boolean isKnown(Statement realServer) {
        return blocks.server(realServer.keyword()).isPresent();
    }

    /**
     * A real server of a virtual server that is built again, if its lines, and all that is around the real servers of this
     * virtual server, are as they were.
     */
    Optional<RealServer> realServer(Statement statement, Problems problems) {
        return blocks.server(statement.keyword()).map(use -> {
            Known known = former.of(use.former()).orElseThrow();
            int line = known.server().origins().realServers().get(use.part()).line();
            int end = line + use.former().linesOf(use.part());
            int by = statement.origin().line() - line;
            for (HostReference reference : known.references()) {
                if (isBetween(reference.origin(), line, end)) {
                    problems.refersTo(Known.moved(reference, by));
                }
            }
            return new RealServer(
                    known.server().config().realServers().get(use.part()),
                    statement.origin(),
                    known.server().programs().stream()
                            .filter(p -> isBetween(p.origin(), line, end))
                            .map(p -> Known.moved(p, by))
                            .toList());
        });
    }

    private static boolean isBetween(Origin origin, int line, int end) {
        return origin.line() >= line && origin.line() < end;
    }

    /** Marks of probe paths depend on those of the servers before. */
    private static boolean isIndependent(VirtualServer server) {
        return server.config().realServers().stream().allMatch(rs -> rs.path().isEmpty());
    }

    /** A digest of all statements except virtual servers. */
    private static String surroundings(List<Statement> statements) {
        StringBuilder text = new StringBuilder();
        for (Statement statement : statements) {
            if (!statement.name().equals(RootKeywords.VIRTUAL_SERVER_BLOCK.name())) {
                append(statement, text);
            }
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static void append(Statement statement, StringBuilder text) {
        append(statement.keyword(), text);
        statement.words().forEach(word -> append(word, text));
        text.append(statement.dropped() ? 'D' : 'S');
        List<Statement> block = statement.block();
        if (block != null) {
            text.append('{');
            block.forEach(inside -> append(inside, text));
            text.append('}');
        }
    }

    private static void append(Word word, StringBuilder text) {
        text.append(word.quoted() ? 'Q' : 'W')
                .append(word.text().length())
                .append(':')
                .append(word.text());
    }
}
