package io.lvsd.conf.keyword;

import io.lvsd.conf.source.HostReference.Kind;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.ScriptWords;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import io.lvsd.conf.value.RunAs;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Value types of programs, users and permissions. */
public final class ScriptTypes {
    private static final int MAX_UMASK = 0777;

    private ScriptTypes() {}

    /** A command line and the user and group that it runs as. */
    public static FunctionType<Script> script() {
        return script("\"COMMAND ARGUMENT…\" [USER [GROUP]]", 3);
    }

    /** A command line alone. */
    public static FunctionType<Script> command() {
        return script("\"COMMAND ARGUMENT…\"", 1);
    }

    private static FunctionType<Script> script(String form, int max) {
        FunctionType<Script> type = FunctionType.of(
                form,
                (statement, problems) -> TextTypes.words(statement, form, 1, max, problems)
                        .flatMap(words -> script(words, statement, problems)));
        return type.shaped(Shape.Simple.SCRIPT).duplicates(DuplicatePolicy.FIRST_REPORTED);
    }

    private static Optional<Script> script(List<Word> words, Statement statement, Problems problems) {
        Optional<List<String>> argv = ScriptWords.argv(words.getFirst().text())
                .filter(a -> !a.isEmpty() && !a.getFirst().isEmpty());
        if (argv.isEmpty()) {
            return TextTypes.invalid(
                    words.getFirst(), "command line", "a program and its arguments, with every quote closed", problems);
        }
        return Optional.of(
                new Script(argv.get(), user(words.subList(1, words.size()), statement, problems), statement.origin()));
    }

    /** {@code USER [[:]GROUP]}. */
    public static FunctionType<RunAs> account() {
        String form = "USER [[:]GROUP]";
        FunctionType<RunAs> type = FunctionType.of(
                form,
                (statement, problems) -> TextTypes.words(statement, form, 1, 2, problems)
                        .flatMap(words -> user(words, statement, problems)));
        return type.shaped(Shape.Simple.WORDS);
    }

    /** {@code PATH [USER [GROUP]]}. */
    public static FunctionType<FifoFile> fifo() {
        String form = "PATH [USER [GROUP]]";
        FunctionType<FifoFile> type = FunctionType.of(
                form,
                (statement, problems) -> TextTypes.words(statement, form, 1, 3, problems)
                        .map(words -> new FifoFile(
                                Path.of(words.getFirst().text()),
                                user(words.subList(1, words.size()), statement, problems))));
        return type.shaped(Shape.Simple.WORDS);
    }

    /** A colon before the group keeps the user's other groups. */
    private static Optional<RunAs> user(List<Word> words, Statement statement, Problems problems) {
        if (words.isEmpty()) {
            return Optional.empty();
        }
        String user = words.getFirst().text();
        HostTypes.refer(Kind.USER, words.getFirst(), user, statement, problems);
        String written = words.size() < 2 ? "" : words.get(1).text();
        String group = written.replaceFirst("^:", "");
        if (!group.isEmpty()) {
            HostTypes.refer(Kind.GROUP, words.get(1), group, statement, problems);
        }
        return Optional.of(new RunAs(user, Optional.of(group).filter(g -> !g.isEmpty()), written.startsWith(":")));
    }

    /** The words of {@link #account}. */
    public static List<Object> words(RunAs user) {
        String group = (user.allGroups() ? ":" : "") + user.group().orElse("");
        return group.isEmpty() ? List.of(user.user()) : List.of(user.user(), group);
    }

    /** An octal number, or names of permission bits. */
    public static FunctionType<String> umask() {
        return TextTypes.parsed(
                "OCTAL | S_IXXX[|S_IXXX]…",
                text -> Optional.of(text).filter(ScriptTypes::isUmask),
                "umask",
                "0 to 0777, such as 022");
    }

    /** As in C: 0 begins an octal number, 0x a hexadecimal one. Anything else is decimal. */
    private static boolean isUmask(String text) {
        if (text.matches("S_I[A-Z]+(\\|S_I[A-Z]+)*")) {
            return true;
        }
        if (!text.matches("0[0-7]{0,9}|[1-9]\\d{0,8}|0[xX][0-9A-Fa-f]{1,7}")) {
            return false;
        }
        return Integer.decode(text) <= MAX_UMASK;
    }
}
