package io.lvsd.conf.hocon;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Shape;
import io.lvsd.conf.keyword.Support;
import io.lvsd.conf.language.Language;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A HOCON file to the tree of statements that keepalived's syntax gives: the packages above do not depend on the syntax.
 * The shape of each value comes from its keyword's declaration.
 */
public final class HoconParser {
    /** Keys that identify a virtual server. */
    private static final Set<String> HEADS = Set.of("address", "fwmark", "group");

    /** Key of the top level whose values mean nothing by themselves: others refer to them. */
    private static final String VARS = "vars";

    private final Problems problems;
    private final HoconFiles files;
    private final HoconValues values;

    public HoconParser(Problems problems) {
        this(problems, System.getenv());
    }

    HoconParser(Problems problems, Map<String, String> environment) {
        this.problems = problems;
        this.files = new HoconFiles(problems, environment);
        this.values = new HoconValues(problems, files);
    }

    /** Reads a file and what it includes. Problems are reported; what can be understood is returned. */
    public List<Statement> parse(Path file, String text) {
        return files.read(file, text)
                .map(root -> block(Scope.ROOT, root.withoutKey(VARS)))
                .orElse(List.of());
    }

    /** A key with its value and place. */
    private record Entry(String key, ConfigValue value, Origin origin) {
        Word word() {
            return new Word(key, origin, false);
        }

        boolean is(ConfigValueType type) {
            return value.valueType() == type;
        }
    }

    /** The entries of an object in the order of the text. */
    private List<Entry> entries(ConfigObject object) {
        record Placed(Entry entry, List<Integer> order) {}
        return object.entrySet().stream()
                .filter(e -> e.getValue().valueType() != ConfigValueType.NULL)
                .map(e -> new Entry(
                        e.getKey(), e.getValue(), files.origin(e.getValue().origin(), e.getKey())))
                .map(e -> new Placed(e, files.order(e.origin())))
                .sorted(Comparator.comparing(Placed::order, HoconFiles::compare)
                        .thenComparing(p -> p.entry().key()))
                .map(Placed::entry)
                .toList();
    }

    private List<Statement> block(Scope scope, ConfigObject object) {
        List<Statement> statements = new ArrayList<>();
        for (Entry entry : entries(object)) {
            statements.addAll(statements(scope, entry));
        }
        return statements;
    }

    private List<Statement> statements(Scope scope, Entry entry) {
        Optional<Keyword<?>> keyword = Language.find(scope, entry.key());
        if (keyword.isEmpty() || keyword.get().support() == Support.VRRP_ONLY) {
            return List.of(new Statement(entry.word(), List.of(), entry.is(ConfigValueType.OBJECT) ? List.of() : null));
        }
        return switch (keyword.get().type().shape()) {
            case Shape.Time time -> values.time(keyword.get(), entry.word(), entry.value(), time);
            case Shape.Pairs pairs -> values.pairs(entry.word(), entry.value(), pairs);
            case Shape.Simple simple -> simple(keyword.get(), simple, entry);
        };
    }

    private List<Statement> simple(Keyword<?> keyword, Shape.Simple shape, Entry entry) {
        Scope inside = keyword.type().inside().orElse(Scope.ROOT);
        return switch (shape) {
            case WORD -> values.word(keyword, entry.word(), entry.value());
            case WORDS -> values.words(keyword, entry.word(), entry.value());
            case ENDPOINT -> values.endpoint(entry.word(), entry.value());
            case SCRIPT -> values.script(entry.word(), entry.value());
            case TEXTS -> values.texts(entry.word(), entry.value());
            case PHRASES -> values.phrases(entry.word(), entry.value());
            case NETWORKS -> values.networks(entry.word(), entry.value());
            case LINES -> List.of(new Statement(entry.word(), List.of(), values.lines(entry.value())));
            case OBJECT ->
                object(entry)
                        .map(o -> List.of(new Statement(entry.word(), List.of(), block(inside, o))))
                        .orElse(List.of());
            case OBJECTS ->
                elements(entry).stream()
                        .map(o -> new Statement(keywordAt(entry, o), List.of(), block(inside, o)))
                        .toList();
            case NAMED_OBJECTS -> named(entry, inside);
            case NAMED_LINES -> namedLines(entry);
            case SERVERS ->
                elements(entry).stream().map(o -> realServer(entry, o)).toList();
            case VIRTUAL_SERVERS ->
                object(entry).stream()
                        .flatMap(o -> entries(o).stream())
                        .flatMap(e -> virtualServer(entry.key(), e).stream())
                        .toList();
        };
    }

    /** The keyword at the place of one element of a list. */
    private Word keywordAt(Entry entry, ConfigObject element) {
        return entry.is(ConfigValueType.LIST)
                ? new Word(entry.key(), files.origin(element.origin(), "{"), false)
                : entry.word();
    }

    private Optional<ConfigObject> object(Entry entry) {
        if (entry.value() instanceof ConfigObject object) {
            return Optional.of(object);
        }
        problems.error(entry.origin(), "'" + entry.key() + "' requires a block", "write: " + entry.key() + " { … }");
        return Optional.empty();
    }

    /** An object, or the objects of a list. */
    private List<ConfigObject> elements(Entry entry) {
        if (entry.value() instanceof ConfigList list) {
            List<ConfigObject> objects = new ArrayList<>();
            for (ConfigValue value : list) {
                if (value instanceof ConfigObject object) {
                    objects.add(object);
                } else {
                    problems.error(
                            files.origin(value.origin(), ""),
                            "invalid element of '" + entry.key() + "': expected an object",
                            "write: " + entry.key() + " = [{ … }, { … }]");
                }
            }
            return objects;
        }
        return object(entry).stream().toList();
    }

    private List<Statement> named(Entry entry, Scope inside) {
        List<Statement> statements = new ArrayList<>();
        for (Entry each : object(entry).map(this::entries).orElse(List.of())) {
            object(each)
                    .ifPresent(o -> statements.add(new Statement(
                            new Word(entry.key(), each.origin(), false), List.of(each.word()), block(inside, o))));
        }
        return statements;
    }

    private List<Statement> namedLines(Entry entry) {
        return object(entry).map(this::entries).orElse(List.of()).stream()
                .map(each -> new Statement(
                        new Word(entry.key(), each.origin(), false), List.of(each.word()), values.lines(each.value())))
                .toList();
    }

    // ---- servers

    private Statement realServer(Entry entry, ConfigObject object) {
        Word keyword = new Word(entry.key(), files.origin(object.origin(), "{"), false);
        List<Statement> block = new ArrayList<>();
        List<Word> head = List.of();
        for (Entry each : entries(object)) {
            if (each.key().equals("address")) {
                head = values.endpointWords(each.value());
            } else {
                block.addAll(isOptOut(each) ? List.of() : statements(Scope.REAL_SERVER, each));
            }
        }
        return new Statement(keyword, head, block);
    }

    private static boolean isCheck(String key) {
        return Language.KEYWORDS.isCheck(key);
    }

    /** {@code HTTP_GET = none}: this server does not inherit such a check. */
    private static boolean isOptOut(Entry entry) {
        return isCheck(entry.key())
                && entry.is(ConfigValueType.STRING)
                && "none".equals(entry.value().unwrapped());
    }

    private Optional<Statement> virtualServer(String keyword, Entry label) {
        Optional<ConfigObject> object = object(label);
        if (object.isEmpty()) {
            return Optional.empty();
        }
        List<Entry> all = entries(object.get());
        List<Entry> heads = all.stream().filter(e -> HEADS.contains(e.key())).toList();
        if (heads.size() != 1) {
            problems.error(
                    heads.isEmpty() ? label.origin() : heads.getLast().origin(),
                    "'" + label.key() + "' requires exactly one of address, fwmark and group",
                    "such as: address = \"192.0.2.10:80\"");
            return Optional.empty();
        }
        Entry head = heads.getFirst();
        demandProtocol(label, head, all);
        List<Statement> templates = all.stream()
                .filter(e -> isCheck(e.key()))
                .flatMap(e -> statements(Scope.REAL_SERVER, e).stream())
                .toList();
        List<Statement> block = new ArrayList<>(nameOf(label, all));
        for (Entry each : all) {
            if (each.key().equals("real_server")) {
                block.addAll(realServers(each, templates));
            } else if (!HEADS.contains(each.key()) && !isCheck(each.key())) {
                block.addAll(statements(Scope.VIRTUAL_SERVER, each));
            }
        }
        Word word = new Word(keyword, label.origin(), false);
        return Optional.of(new Statement(word, headWords(head), block));
    }

    private void demandProtocol(Entry label, Entry head, List<Entry> all) {
        if (!head.key().equals("fwmark") && all.stream().noneMatch(e -> e.key().equals("protocol"))) {
            if (head.key().equals("address")) {
                problems.error(
                        label.origin(), "'" + label.key() + "' requires protocol", "add: protocol = TCP, UDP or SCTP");
            }
        }
    }

    /** The key of a virtual server is its name, unless it has another, or the key only repeats its address. */
    private static List<Statement> nameOf(Entry label, List<Entry> all) {
        boolean named = all.stream().anyMatch(e -> e.key().equals("snmp_name"));
        if (named || label.key().matches(".*[:/].*")) {
            return List.of();
        }
        return List.of(new Statement(new Word("snmp_name", label.origin(), false), List.of(label.word()), null));
    }

    private List<Word> headWords(Entry head) {
        if (head.key().equals("address")) {
            return values.endpointWords(head.value());
        }
        return Stream.concat(Stream.of(head.word()), values.text(head.value()).stream())
                .toList();
    }

    /** The real servers, each with those checks of the virtual server whose kind it does not name. */
    private List<Statement> realServers(Entry entry, List<Statement> templates) {
        List<Statement> servers = new ArrayList<>();
        for (ConfigObject object : elements(entry)) {
            Statement own = realServer(entry, object);
            List<Statement> block = new ArrayList<>(blockOf(own.block()));
            templates.stream().filter(t -> !object.containsKey(t.name())).forEach(block::add);
            servers.add(new Statement(own.keyword(), own.words(), block));
        }
        return servers;
    }

    private static List<Statement> blockOf(@Nullable List<Statement> block) {
        return block == null ? List.of() : block;
    }
}
