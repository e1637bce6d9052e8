package io.lvsd.conf.keyword;

import io.lvsd.conf.source.HostReference;
import io.lvsd.conf.source.HostReference.Kind;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.ScriptWords;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Value types of scripts, mail, timeouts and of what the checks expect. */
public final class MoreTypes {
    private static final long MAX_TIMEOUT = 2_678_400;
    private static final int LARGEST_UMASK = 0777;
    private static final int MAX_INTERFACE = 15;
    private static final int MAX_LABEL = 63;
    private static final int MAX_DOMAIN = 253;
    private static final List<String> TIMEOUTS = List.of("tcp", "tcpfin", "udp");
    /** RFC 9110, 5.6.2. */
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    private static final List<String> SYNC = List.of("inst", "id", "maxlen", "port", "ttl", "group");

    private MoreTypes() {}

    /** A command line and, if other than usual, the user and group that it runs as. */
    public record Script(List<String> argv, List<String> userAndGroup, Origin origin) {}

    /** {@code "COMMAND ARGUMENT…" [USER [GROUP]]}. */
    static Described<Script> script() {
        return script("\"COMMAND ARGUMENT…\" [USER [GROUP]]", 3);
    }

    /** A script without a user of its own. */
    static Described<Script> command() {
        return script("\"COMMAND ARGUMENT…\"", 1);
    }

    private static Described<Script> script(String form, int max) {
        Described<List<String>> words = Types.words(form, 1, max);
        Described<Script> type = Types.type(
                form,
                (statement, problems) -> words.read(statement, problems).flatMap(texts -> {
                    Optional<List<String>> argv =
                            ScriptWords.argv(texts.getFirst()).filter(a -> !a.isEmpty());
                    if (argv.isEmpty() || argv.get().getFirst().isEmpty()) {
                        return bad(
                                statement.words().getFirst(),
                                "is no command line",
                                "name a program; close every quote",
                                problems);
                    }
                    accounts(statement, problems);
                    return Optional.of(new Script(argv.get(), texts.subList(1, texts.size()), statement.origin()));
                }));
        return type.shaped(Shape.Simple.SCRIPT).twice(ValueType.Twice.FIRST_REPORTED);
    }

    /** The user and the group that follow the first word. */
    private static void accounts(Statement statement, Problems problems) {
        List<Word> words = statement.words();
        user(words.subList(Math.min(1, words.size()), words.size()), statement, problems);
    }

    private static void user(List<Word> words, Statement statement, Problems problems) {
        if (!words.isEmpty()) {
            refer(Kind.USER, words.getFirst(), words.getFirst().text(), statement, problems);
        }
        String group = words.size() < 2 ? "" : words.get(1).text().replaceFirst("^:", "");
        if (!group.isEmpty()) {
            refer(Kind.GROUP, words.get(1), group, statement, problems);
        }
    }

    private static void refer(Kind kind, Word word, String name, Statement statement, Problems problems) {
        problems.refersTo(new HostReference(kind, name, statement.name(), word.origin()));
    }

    /** {@code USER [[:]GROUP]}. */
    static Described<List<String>> account() {
        Described<List<String>> words = Types.words("USER [[:]GROUP]", 1, 2);
        Described<List<String>> type = Types.type(words.form(), (statement, problems) -> {
            Optional<List<String>> texts = words.read(statement, problems);
            texts.ifPresent(_ -> user(statement.words(), statement, problems));
            return texts;
        });
        return type.shaped(Shape.Simple.WORDS);
    }

    /** {@code PATH [USER [GROUP]]}. */
    static Described<List<String>> fifo() {
        Described<List<String>> words = Types.words("PATH [USER [GROUP]]", 1, 3);
        Described<List<String>> type = Types.type(words.form(), (statement, problems) -> {
            Optional<List<String>> texts = words.read(statement, problems);
            texts.ifPresent(_ -> accounts(statement, problems));
            return texts;
        });
        return type.shaped(Shape.Simple.WORDS);
    }

    /** One word that names something on the host. */
    static <T> Described<T> naming(Kind kind, Described<T> type) {
        return type.reading((statement, problems) -> {
            Optional<T> value = type.read(statement, problems);
            value.ifPresent(_ -> refer(
                    kind,
                    statement.words().getFirst(),
                    statement.words().getFirst().text(),
                    statement,
                    problems));
            return value;
        });
    }

    private static <T> Optional<T> bad(Word word, String text, String hint, Problems problems) {
        problems.error(word.origin(), "'" + word.text() + "' " + text, hint);
        return Optional.empty();
    }

    /** A name or an address, and perhaps a port. Nothing is resolved. */
    static Described<List<String>> host() {
        String form = "HOST [PORT]";
        Described<List<String>> words = Types.words(form, 1, 2);
        Described<List<String>> type = Types.type(
                form,
                (statement, problems) -> words.read(statement, problems).flatMap(texts -> {
                    if (IpAddresses.address(texts.getFirst()).isEmpty()
                            && !texts.getFirst().matches("[A-Za-z0-9]([\\w.-]*[A-Za-z0-9.])?")) {
                        return bad(statement.words().getFirst(), "is no host", "write a name or an address", problems);
                    }
                    boolean good = texts.size() < 2
                            || Types.number(statement.words().get(1), "port", 1, 65_535, false, problems)
                                    .isPresent();
                    return good ? Optional.of(stripped(texts)) : Optional.empty();
                }));
        return type.shaped(Shape.Simple.ENDPOINT).twice(ValueType.Twice.LAST_REPORTED);
    }

    /** {@code [TEXT]}. */
    static Described<List<String>> optionalText(String what) {
        return Types.words("[" + what + "]", 0, 1).shaped(Shape.Simple.WORD);
    }

    /** One of a few words, or none. */
    static Described<List<String>> optionalChoice(List<String> choices) {
        String form = "[" + String.join("|", choices) + "]";
        Described<List<String>> words = Types.words(form, 0, 1);
        Described<List<String>> type = Types.type(
                form,
                (statement, problems) -> words.read(statement, problems)
                        .flatMap(texts -> texts.isEmpty() || choices.contains(texts.getFirst())
                                ? Optional.of(texts)
                                : bad(
                                        statement.words().getFirst(),
                                        "is no " + statement.name(),
                                        "nothing, or one of: " + String.join(" ", choices),
                                        problems)));
        return type.shaped(Shape.Simple.WORD);
    }

    /** One of a few words in any case. */
    static Described<String> choiceAnyCase(List<String> choices) {
        String form = String.join("|", choices);
        return Types.type(
                form,
                (statement, problems) -> Types.oneWord(statement, form, problems)
                        .flatMap(word -> choices.contains(word.text().toUpperCase(Locale.ROOT))
                                ? Optional.of(word.text().toUpperCase(Locale.ROOT))
                                : bad(
                                        word,
                                        "is no " + statement.name(),
                                        "one of: " + String.join(" ", choices),
                                        problems)));
    }

    /** Numbers within a range, one or more. */
    static Described<List<Long>> numbers(String form, long min, long max) {
        Described<List<Long>> type = Types.type(form, (statement, problems) -> {
            List<Long> numbers = new ArrayList<>();
            for (Word word : statement.words()) {
                Types.number(word, "'" + statement.name() + "'", min, max, false, problems)
                        .ifPresent(numbers::add);
            }
            if (statement.words().isEmpty()) {
                problems.error(
                        statement.origin(),
                        "'" + statement.name() + "' needs a value",
                        "write: " + statement.name() + " " + form);
            }
            return numbers.size() == statement.words().size() && !numbers.isEmpty()
                    ? Optional.of(numbers)
                    : Optional.empty();
        });
        return type.shaped(Shape.Simple.WORDS);
    }

    /** Octal, or names of permission bits. */
    static Described<String> umask() {
        String form = "OCTAL | S_IXXX[|S_IXXX]…";
        return Types.type(
                form,
                (statement, problems) -> Types.oneWord(statement, form, problems)
                        .flatMap(word -> isUmask(word.text())
                                ? Optional.of(word.text())
                                : bad(word, "is no umask", "such as 022; the largest is 0777", problems)));
    }

    /** As in C: 0 begins an octal number, 0x a hexadecimal one. Anything else is decimal. */
    private static boolean isUmask(String text) {
        if (text.matches("S_I[A-Z]+(\\|S_I[A-Z]+)*")) {
            return true;
        }
        if (!text.matches("0[0-7]{0,9}|[1-9]\\d{0,8}|0[xX][0-9A-Fa-f]{1,7}")) {
            return false;
        }
        return Integer.decode(text) <= LARGEST_UMASK;
    }

    /** {@code [tcp S] [tcpfin S] [udp S]}. */
    static Described<Map<String, String>> timeouts() {
        Described<Map<String, String>> type =
                pairs("[tcp SECONDS] [tcpfin SECONDS] [udp SECONDS]", "", TIMEOUTS, (name, word, problems) -> {
                    return Types.number(word, name, 0, MAX_TIMEOUT, false, problems)
                            .isPresent();
                });
        return type.shaped(new Shape.Pairs("", TIMEOUTS, TIMEOUTS));
    }

    /** {@code IF [inst NAME] [id N] …}, or the old {@code IF NAME [ID]}. */
    static Described<Map<String, String>> syncDaemon() {
        Described<Map<String, String>> type = pairs(
                "INTERFACE [inst NAME] [id N] [maxlen N] [port N] [ttl N] [group ADDRESS]",
                "interface",
                SYNC,
                MoreTypes::syncOption);
        return type.shaped(new Shape.Pairs("interface", SYNC, List.of())).twice(ValueType.Twice.FIRST_REPORTED);
    }

    private static boolean syncOption(String name, Word word, Problems problems) {
        return switch (name) {
            case "interface" -> {
                problems.refersTo(new HostReference(Kind.INTERFACE, word.text(), "lvs_sync_daemon", word.origin()));
                yield word.text().length() <= MAX_INTERFACE
                        || bad(word, "is longer than an interface's name", "15 characters at most", problems)
                                .isPresent();
            }
            case "id" -> Types.number(word, "id", 0, 255, false, problems).isPresent();
            case "maxlen" ->
                Types.number(word, "maxlen", 1, 65_507, false, problems).isPresent();
            case "port" ->
                Types.number(word, "port", 1, 65_535, false, problems).isPresent();
            case "ttl" -> Types.number(word, "ttl", 1, 255, false, problems).isPresent();
            case "group" ->
                IpAddresses.address(word.text())
                                .filter(InetAddress::isMulticastAddress)
                                .isPresent()
                        || bad(word, "is no multicast address", "such as 224.0.0.81", problems)
                                .isPresent();
            default -> true;
        };
    }

    /** Judges the value of a pair, reporting what is wrong. */
    private interface Judge {
        boolean accepts(String name, Word word, Problems problems);
    }

    private static Described<Map<String, String>> pairs(String form, String first, List<String> names, Judge judge) {
        Described<Map<String, String>> type = Types.type(form, (statement, problems) -> {
            Map<String, String> values = new LinkedHashMap<>();
            List<Word> words = statement.words();
            if (words.isEmpty()) {
                problems.error(
                        statement.origin(),
                        "'" + statement.name() + "' needs a value",
                        "write: " + statement.name() + " " + form);
                return Optional.empty();
            }
            int at = 0;
            if (!first.isEmpty()) {
                if (!judge.accepts(first, words.getFirst(), problems)) {
                    return Optional.empty();
                }
                values.put(first, words.getFirst().text());
                at = legacy(words, names, values);
            }
            while (at < words.size()) {
                Word name = words.get(at);
                if (!names.contains(name.text()) || at + 1 >= words.size()) {
                    String what = names.contains(name.text()) ? "needs a value" : "is unexpected";
                    return bad(name, what, "write: " + statement.name() + " " + form, problems);
                }
                if (!judge.accepts(name.text(), words.get(at + 1), problems)) {
                    return Optional.empty();
                }
                values.put(name.text(), words.get(at + 1).text().strip());
                at += 2;
            }
            return Optional.of(values);
        });
        return type.twice(ValueType.Twice.LAST_REPORTED);
    }

    /** {@code IF NAME [ID]}: returns where the pairs begin. */
    private static int legacy(List<Word> words, List<String> names, Map<String, String> values) {
        if (words.size() < 2 || names.contains(words.get(1).text())) {
            return 1;
        }
        values.put(names.getFirst(), words.get(1).text());
        if (words.size() > 2 && words.get(2).text().matches("\\d+")) {
            values.put(names.get(1), words.get(2).text());
            return 3;
        }
        return 2;
    }

    /** Bytes in hexadecimal; blanks may stand between pairs of digits. */
    static Described<String> hex(boolean wildcards) {
        Described<String> type = Types.type("HEX…", (statement, problems) -> hex(statement, wildcards, problems));
        return type.shaped(Shape.Simple.WORDS);
    }

    /** As {@link #hex}, or nothing; {@code x} stands for any digit. */
    static Described<String> optionalHex() {
        Described<String> type = Types.type(
                "[HEX…]",
                (statement, problems) ->
                        statement.words().isEmpty() ? Optional.of("") : hex(statement, true, problems));
        return type.shaped(Shape.Simple.WORDS);
    }

    private static Optional<String> hex(Statement statement, boolean wildcards, Problems problems) {
        StringBuilder digits = new StringBuilder();
        String good = wildcards ? "[0-9A-Fa-fxX]+" : "[0-9A-Fa-f]+";
        for (Word word : statement.words()) {
            for (String part : word.text().strip().split("\\s+")) {
                if (!part.matches(good)) {
                    return bad(word, "is not hexadecimal", "pairs of digits, as in 0a1b2c", problems);
                }
                digits.append(
                        part.length() % 2 == 1 && part.length() > 1 ? part : part.length() == 1 ? "0" + part : part);
                if (part.length() % 2 == 1 && part.length() > 1) {
                    return bad(word, "has an odd number of digits", "two digits make a byte", problems);
                }
            }
        }
        if (digits.isEmpty()) {
            problems.error(
                    statement.origin(),
                    "'" + statement.name() + "' needs a value",
                    "write: " + statement.name() + " HEX");
            return Optional.empty();
        }
        return Optional.of(digits.toString());
    }

    /** A domain name; empty labels only at its end. */
    static Described<String> domain() {
        return Types.type(
                "NAME.",
                (statement, problems) -> Types.oneWord(statement, "NAME.", problems)
                        .flatMap(word -> {
                            String name = word.text().endsWith(".")
                                    ? word.text().substring(0, word.text().length() - 1)
                                    : word.text();
                            boolean good = name.isEmpty() && !word.text().isEmpty()
                                    || name.length() <= MAX_DOMAIN
                                            && List.of(name.split("\\.", -1)).stream()
                                                    .allMatch(l -> !l.isEmpty() && l.length() <= MAX_LABEL);
                            return good
                                    ? Optional.of(name)
                                    : bad(word, "is no domain name", "labels of 1 to 63 characters", problems);
                        }));
    }

    /** Without the blanks that may stand before a number inside quotes. */
    private static List<String> stripped(List<String> texts) {
        return texts.stream().map(String::strip).toList();
    }

    /** {@code W [reverse|noreverse]}. */
    static Described<List<String>> trackWeight(long most) {
        String form = "N (-" + most + ".." + most + ") [reverse|noreverse]";
        Described<List<String>> words = Types.words(form, 1, 2);
        Described<List<String>> type = Types.type(
                form,
                (statement, problems) -> words.read(statement, problems).flatMap(texts -> {
                    if (Types.number(statement.words().getFirst(), "'weight'", -most, most, false, problems)
                            .isEmpty()) {
                        return Optional.empty();
                    }
                    if (texts.size() > 1 && !texts.get(1).matches("(no)?reverse")) {
                        return bad(statement.words().get(1), "is unexpected", "reverse or noreverse", problems);
                    }
                    return Optional.of(stripped(texts));
                }));
        return type.shaped(Shape.Simple.WORDS);
    }

    /** {@code [VALUE] [overwrite]}. */
    static Described<List<String>> initFile() {
        String form = "[VALUE] [overwrite]";
        Described<List<String>> words = Types.words(form, 0, 2);
        Described<List<String>> type = Types.type(
                form,
                (statement, problems) -> words.read(statement, problems).flatMap(texts -> {
                    for (Word word : statement.words()) {
                        if (!word.text().equals("overwrite")
                                && Types.number(
                                                word,
                                                "init_file",
                                                Integer.MIN_VALUE,
                                                Integer.MAX_VALUE,
                                                false,
                                                problems)
                                        .isEmpty()) {
                            return Optional.empty();
                        }
                    }
                    return Optional.of(stripped(texts));
                }));
        return type.shaped(Shape.Simple.WORDS);
    }

    /** Checks of include, with a sign to add or take away. */
    static Described<List<String>> includeChecks() {
        List<String> known = List.of("read", "readable", "match", "wildcard_match", "brace_match");
        String form = "[[+|-]CHECK…]";
        Described<List<String>> words = Types.words(form, 0, Integer.MAX_VALUE);
        Described<List<String>> type = Types.type(
                form,
                (statement, problems) -> words.read(statement, problems).flatMap(texts -> {
                    for (Word word : statement.words()) {
                        boolean first = word.equals(statement.words().getFirst());
                        boolean signed = word.text().matches("[+-].*");
                        if (!known.contains(signed ? word.text().substring(1) : word.text())) {
                            return bad(word, "is no check", "one of: " + String.join(" ", known), problems);
                        }
                        if (!first && !signed) {
                            return bad(word, "needs a sign", "only the first may do without + or -", problems);
                        }
                    }
                    return Optional.of(texts);
                }));
        return type.shaped(Shape.Simple.WORDS);
    }

    /** A regular expression of PCRE2; whether it is valid depends on the options of its block. */
    static Described<PcreExpression> regex() {
        Described<PcreExpression> type = Types.type(
                "EXPRESSION",
                (statement, problems) ->
                        Types.oneWord(statement, "EXPRESSION", problems).map(word -> PcreExpression.of(word.text())));
        return type.twice(ValueType.Twice.LAST_REPORTED);
    }

    /** {@code Name: value}, a line of an HTTP request. */
    static Described<String> header() {
        String form = "\"NAME: VALUE\"";
        return Types.type(
                form,
                (statement, problems) -> Types.oneWord(statement, form, problems)
                        .flatMap(word -> word.text().matches(TOKEN + ":[^\\p{Cntrl}]*")
                                ? Optional.of(word.text())
                                : bad(word, "is no header", "such as: \"X-Check: lvsd\"", problems)));
    }

    /** The name of a header. */
    static Described<String> token() {
        return Types.type(
                "HEADER",
                (statement, problems) -> Types.oneWord(statement, "HEADER", problems)
                        .flatMap(word -> word.text().matches(TOKEN)
                                ? Optional.of(word.text())
                                : bad(word, "is no name of a header", "such as X-Weight", problems)));
    }

    /** An absolute http or https address without a user's name. */
    static Described<URI> webAddress() {
        String form = "URL";
        return Types.type(
                form,
                (statement, problems) -> Types.oneWord(statement, form, problems)
                        .flatMap(word -> {
                            try {
                                URI uri = new URI(word.text());
                                boolean good = ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                                        && uri.getHost() != null
                                        && uri.getUserInfo() == null;
                                return good
                                        ? Optional.of(uri)
                                        : bad(
                                                word,
                                                "is no web address",
                                                "such as https://alerts.example/lvsd",
                                                problems);
                            } catch (URISyntaxException e) {
                                return bad(word, "is no web address", "such as https://alerts.example/lvsd", problems);
                            }
                        }));
    }

    /** The name of a network interface, as the kernel takes it: at most 15 bytes, no slash (net/core/dev.c, dev_valid_name). */
    static Described<String> interfaceName() {
        String form = "INTERFACE";
        return Types.type(
                form,
                (statement, problems) -> Types.oneWord(statement, form, problems)
                        .flatMap(word -> word.text().matches("(?!\\.\\.?$)[!-.0-9;-~]{1,15}")
                                ? Optional.of(word.text())
                                : bad(word, "is no interface", "a name as in: ip link", problems)));
    }

    /** 64 hexadecimal digits; colons may stand between bytes. */
    static Described<String> pin() {
        String form = "64 hex digits";
        return Types.type(
                form,
                (statement, problems) -> Types.oneWord(statement, form, problems)
                        .flatMap(word -> {
                            String digits = word.text().replace(":", "").toLowerCase(Locale.ROOT);
                            return digits.matches("[0-9a-f]{64}")
                                    ? Optional.of(digits)
                                    : bad(
                                            word,
                                            "is no SHA-256 sum",
                                            "of the key: openssl pkey -pubin -outform DER | sha256sum",
                                            problems);
                        }));
    }

    /** IpAddresses of PCRE2's options; unknown ones are without effect, as in keepalived, but said to be. */
    static Described<List<String>> regexOptions() {
        List<String> known = List.of(
                "allow_empty_class",
                "alt_bsux",
                "auto_callout",
                "caseless",
                "dollar_endonly",
                "dotall",
                "dupnames",
                "extended",
                "firstline",
                "match_unset_backref",
                "multiline",
                "never_ucp",
                "never_utf",
                "no_auto_capture",
                "no_auto_possess",
                "no_dotstar_anchor",
                "no_start_optimize",
                "ucp",
                "ungreedy",
                "utf",
                "never_backslash_c",
                "alt_circumflex",
                "alt_verbnames",
                "use_offset_limit");
        String form = "OPTION…";
        Described<List<String>> words = Types.words(form, 1, known.size());
        Described<List<String>> type = Types.type(
                form,
                (statement, problems) -> words.read(statement, problems).map(texts -> {
                    statement.words().stream()
                            .filter(w -> !known.contains(w.text()))
                            .forEach(w -> problems.error(
                                    w.origin(),
                                    "'" + w.text() + "' is no option of an expression and is ignored",
                                    Suggestion.nearest(w.text(), known)
                                            .map(n -> "did you mean '" + n + "'?")
                                            .orElse("such as caseless or multiline")));
                    return texts.stream().filter(known::contains).toList();
                }));
        return type.shaped(Shape.Simple.WORDS);
    }
}
