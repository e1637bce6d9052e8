package io.lvsd.core.log;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The log events in the sources of the product: each place that has the name of an event, with the levels and keys that are
 * used there. A place is the statement that logs, or, if the event is composed in several statements, the method with the
 * methods of the same file that it calls.
 */
final class EventSources {
    private static final Path ROOT = Path.of("..");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*");
    private static final Set<String> KEY_METHODS = Set.of("addKeyValue", "with", "withText", "put");
    private static final Set<String> ALTERNATING = Set.of("publish", "of", "fields", "failed", "sorry");
    private static final Map<String, String> LEVEL_METHODS =
            Map.of("atError", "error", "atWarn", "warn", "atInfo", "info", "atDebug", "debug");
    private static final Set<String> LEVELS = Set.of("ERROR", "WARN", "INFO", "DEBUG");

    /** Names, levels and keys that belong together; which of them exactly, the source decides at run time. */
    record Place(String where, Set<String> names, Set<String> levels, Set<String> keys) {}

    private final Set<String> notEvents;
    private final Set<String> unusedExceptions;
    private final List<Place> places = new ArrayList<>();
    /** All methods of the engine and of the daemon, as {@code File.method}; for overloads, the union. */
    private final Map<String, Place> methods = new HashMap<>();
    /** Literals such as {@code .failed}, from which a name is composed, with the file. */
    private final Set<String> suffixes = new TreeSet<>();

    private EventSources(Set<String> notEvents) {
        this.notEvents = notEvents;
        this.unusedExceptions = new TreeSet<>(notEvents);
    }

    /** @param notEvents texts in the sources that look like the name of an event */
    static EventSources read(Set<String> notEvents) throws IOException {
        EventSources sources = new EventSources(notEvents);
        List<Path> files = new ArrayList<>();
        for (String module : List.of("core", "checkers", "ipvs", "snmp", "sorry-server", "conf")) {
            try (Stream<Path> walk = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                walk.filter(p -> p.toString().endsWith(".java")).sorted().forEach(files::add);
            }
        }
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            var task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            for (CompilationUnitTree unit : task.parse()) {
                sources.scan(unit);
            }
        }
        return sources;
    }

    List<Place> places() {
        return places;
    }

    Set<String> suffixes() {
        return suffixes;
    }

    Set<String> unusedExceptions() {
        return unusedExceptions;
    }

    /**
     * A place of events whose names are composed.
     *
     * @param where methods as {@code File.method}
     */
    Place place(Set<String> names, String... where) {
        Set<String> levels = new TreeSet<>();
        Set<String> keys = new TreeSet<>();
        for (String method : where) {
            Place part = methods.get(method);
            if (part == null) {
                throw new AssertionError("no method " + method);
            }
            levels.addAll(part.levels());
            keys.addAll(part.keys());
        }
        return new Place(String.join(", ", where), names, levels, keys);
    }

    private static Map<String, List<MethodTree>> methods(Tree unit) {
        Map<String, List<MethodTree>> methods = new HashMap<>();
        new TreeScanner<@Nullable Object, @Nullable Object>() {
            @Override
            public @Nullable Object visitMethod(MethodTree method, @Nullable Object none) {
                methods.computeIfAbsent(
                                method.getName() + "/" + method.getParameters().size(), _ -> new ArrayList<>())
                        .add(method);
                return super.visitMethod(method, none);
            }
        }.scan(unit, null);
        return methods;
    }

    private void scan(CompilationUnitTree unit) {
        String file = Path.of(unit.getSourceFile().getName()).getFileName().toString();
        Map<String, List<MethodTree>> own = methods(unit);
        own.forEach((name, overloads) -> methods.put(
                file.replace("java", "") + name.substring(0, name.indexOf('/')),
                collect(file, overloads, own, Set.of())));
        Set<LiteralTree> seen = new HashSet<>();
        new TreeScanner<@Nullable Object, @Nullable MethodTree>() {
            @Override
            public @Nullable Object visitMethod(MethodTree method, @Nullable MethodTree none) {
                super.visitMethod(method, method);
                Set<String> names = new TreeSet<>();
                literals(method, l -> {
                    if (seen.add(l)) {
                        names.addAll(eventName(l));
                    }
                });
                if (!names.isEmpty()) {
                    places.add(collect(file, List.of(method), own, names));
                }
                return null;
            }

            @Override
            public @Nullable Object visitMethodInvocation(MethodInvocationTree call, @Nullable MethodTree method) {
                if (called(call).equals("log") && isChain(call)) {
                    Set<String> names = new TreeSet<>();
                    call.getArguments()
                            .forEach(a -> literals(a, l -> {
                                seen.add(l);
                                names.addAll(eventName(l));
                            }));
                    if (!names.isEmpty()) {
                        Found found = new Found();
                        found.scan(call, null);
                        places.add(new Place(file, names, found.levels, found.keys));
                    }
                }
                return super.visitMethodInvocation(call, method);
            }

            @Override
            public @Nullable Object visitLiteral(LiteralTree literal, @Nullable MethodTree method) {
                if (method == null && !eventName(literal).isEmpty()) {
                    places.add(new Place(file + ", a constant", eventName(literal), Set.of(), Set.of()));
                }
                if (literal.getValue() instanceof String text
                        && text.matches("\\.(failed|recovered|[a-z]+_opened|listening)")) {
                    suffixes.add(file + " " + text);
                }
                return null;
            }
        }.scan(unit, null);
    }

    private Set<String> eventName(LiteralTree literal) {
        if (!(literal.getValue() instanceof String text) || !NAME.matcher(text).matches()) {
            return Set.of();
        }
        unusedExceptions.remove(text);
        return notEvents.contains(text) ? Set.of() : Set.of(text);
    }

    private static void literals(Tree tree, Consumer<LiteralTree> consumer) {
        new TreeScanner<@Nullable Object, @Nullable Object>() {
            @Override
            public @Nullable Object visitLiteral(LiteralTree literal, @Nullable Object none) {
                consumer.accept(literal);
                return null;
            }
        }.scan(tree, null);
    }

    /** Whether a call is the end of a chain that begins with the level, so that it has everything that is logged. */
    private static boolean isChain(MethodInvocationTree call) {
        Found found = new Found();
        found.scan(call.getMethodSelect(), null);
        return !found.levels.isEmpty();
    }

    /** Methods that have names of events themselves are places of their own. */
    private Place collect(
            String file, List<MethodTree> roots, Map<String, List<MethodTree>> methods, Set<String> names) {
        Found found = new Found();
        List<MethodTree> open = new ArrayList<>(roots);
        Set<MethodTree> done = new HashSet<>();
        while (!open.isEmpty()) {
            MethodTree method = open.removeLast();
            if (done.add(method)) {
                found.scan(method, null);
                found.calls.stream()
                        .flatMap(c -> methods.getOrDefault(c, List.of()).stream())
                        .filter(m -> !hasName(m))
                        .forEach(open::add);
                found.calls.clear();
            }
        }
        return new Place(file + " " + roots.getFirst().getName(), names, found.levels, found.keys);
    }

    private boolean hasName(MethodTree method) {
        Set<String> names = new TreeSet<>();
        literals(method, l -> names.addAll(eventName(l)));
        return !names.isEmpty();
    }

    private static String called(MethodInvocationTree call) {
        return switch (call.getMethodSelect()) {
            case MemberSelectTree select -> select.getIdentifier().toString();
            case IdentifierTree identifier -> identifier.getName().toString();
            default -> "";
        };
    }

    /** What is found in a part of a source. */
    private static final class Found extends TreeScanner<@Nullable Object, @Nullable Object> {
        private final Set<String> levels = new TreeSet<>();
        private final Set<String> keys = new TreeSet<>();
        private final Set<String> calls = new TreeSet<>();

        @Override
        public @Nullable Object visitMemberSelect(MemberSelectTree select, @Nullable Object none) {
            String name = select.getIdentifier().toString();
            if (LEVELS.contains(name) && select.getExpression().toString().endsWith("Level")) {
                levels.add(name.toLowerCase(Locale.ROOT));
            }
            return super.visitMemberSelect(select, none);
        }

        @Override
        public @Nullable Object visitMethodInvocation(MethodInvocationTree call, @Nullable Object none) {
            String name = called(call);
            List<? extends ExpressionTree> arguments = call.getArguments();
            if (LEVEL_METHODS.containsKey(name)) {
                levels.add(LEVEL_METHODS.getOrDefault(name, ""));
            } else if (KEY_METHODS.contains(name) && arguments.size() == 2) {
                key(arguments.getFirst());
            } else if (ALTERNATING.contains(name)
                    && !call.getMethodSelect().toString().matches("(List|Set|Map|Path)\\.of")) {
                alternating(arguments);
            } else if (name.equals("setCause")) {
                keys.add("exception");
            } else if (name.equals("check") && arguments.size() == 1) {
                keys.addAll(Set.of("vs", "rs", "check"));
            } else if (name.equals("recovered") && arguments.size() == 1) {
                keys.addAll(Set.of("count", "for"));
            }
            if (call.getMethodSelect() instanceof IdentifierTree) {
                calls.add(name + "/" + arguments.size());
            }
            return super.visitMethodInvocation(call, none);
        }

        /** A key, or a choice of two. Keys that are composed are those of a method that is called. */
        private void key(ExpressionTree key) {
            literals(key, l -> keys.add(String.valueOf(l.getValue())));
        }

        /** Keys and values in turn, behind the arguments that are not. */
        private void alternating(List<? extends ExpressionTree> arguments) {
            int first = -1;
            for (int i = 0; i < arguments.size(); i++) {
                if (arguments.get(i) instanceof LiteralTree l
                        && l.getValue() instanceof String text
                        && text.matches("[a-z_]+")) {
                    first = i;
                    break;
                }
            }
            for (int i = first; i >= 0 && i < arguments.size(); i += 2) {
                if (!(arguments.get(i) instanceof BinaryTree)) {
                    key(arguments.get(i));
                }
            }
        }
    }
}
