package io.lvsd.conf.language;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.ConfigLoader.Tree;
import io.lvsd.conf.WithoutOrigins;
import io.lvsd.conf.convert.Converter;
import io.lvsd.conf.convert.Converter.Converted;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.LvsdKeywords;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Shape;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.ScriptWords;
import io.lvsd.conf.syntax.Statement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every keyword with every good value, in every block: to HOCON, and back, it means the same. */
final class EveryKeywordConvertedTest {
    @TempDir
    private Path directory;

    static java.util.stream.Stream<Arguments> keywords() {
        return EveryKeywordTest.keywords();
    }

    private ConfigLoader.Source source(String name, String text, ConfigFormat format) throws IOException {
        return new ConfigLoader.Source(Files.writeString(directory.resolve(name), text), "x", Optional.of(format));
    }

    private static List<String> errors(ConfigLoader.Loaded loaded) {
        return loaded.problems().stream()
                .filter(ConfigProblem::isError)
                .filter(p -> !EveryKeywordTest.concernsAnotherLine(p))
                .map(ConfigProblem::render)
                .toList();
    }

    private static String canonical(ConfigLoader.Source source) {
        return String.join(
                "\n", canonical(Scope.ROOT, source.parse(new Problems()).statements()));
    }

    /** Statements as text, each block's in the order of their keywords, where that order has no meaning. */
    private static List<String> canonical(Scope scope, List<Statement> statements) {
        List<String> all = new ArrayList<>();
        for (Statement statement : statements) {
            Keyword<?> keyword = Language.find(scope, statement.name()).orElseThrow();
            if (keyword.equals(LvsdKeywords.STOP)
                    || keyword.equals(LvsdKeywords.REPAIR)
                    || keyword.equals(LvsdKeywords.RELOAD_GUARD)) {
                continue; // written out where the defaults of the syntaxes differ; the configurations were compared
            }
            Problems problems = new Problems();
            Object value = keyword.type().read(statement, problems).orElseThrow();
            String words = value instanceof Statement
                    ? statement.words().stream().map(w -> w.text()).toList().toString()
                    : keyword.type().shape() == Shape.Simple.SCRIPT
                            ? ScriptWords.argv(statement.words().getFirst().text()) + ""
                                    + statement.words().size()
                            : WithoutOrigins.of(value);
            @Nullable List<Statement> block = statement.block();
            String inside = block == null
                    ? ""
                    : keyword.type()
                            .inside()
                            .map(s -> canonical(s, block).toString())
                            .orElseGet(() -> block.stream()
                                    .map(b -> b.name() + b.words().size())
                                    .toList()
                                    .toString());
            all.add(keyword.name() + " " + words + " " + inside);
        }
        all.sort(null);
        return all;
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("keywords")
    void thereAndBackItMeansTheSame(Scope scope, Keyword<?> keyword) throws IOException {
        for (String value : EveryKeywordTest.samples(keyword).getFirst()) {
            String text = EveryKeywordTest.placed(scope, keyword, EveryKeywordTest.line(keyword, value));
            ConfigLoader.Source before = source("k.conf", text, ConfigFormat.KEEPALIVED);
            assertEquals(List.of(), errors(before.load()), text);
            Tree tree = before.parse(new Problems());
            Converted hocon = Converter.unchecked(tree, ConfigFormat.HOCON);
            assertEquals(List.of(), hocon.lost(), text);
            ConfigLoader.Source there = source("h.conf", hocon.text(), ConfigFormat.HOCON);
            assertEquals(List.of(), errors(there.load()), hocon::text);
            Converted back = Converter.unchecked(there.parse(new Problems()), ConfigFormat.KEEPALIVED);
            assertEquals(List.of(), back.lost(), hocon::text);
            ConfigLoader.Source after = source("b.conf", back.text(), ConfigFormat.KEEPALIVED);
            assertEquals(List.of(), errors(after.load()), back::text);
            assertEquals(
                    WithoutOrigins.of(before.load().config()),
                    WithoutOrigins.of(after.load().config()),
                    back::text);
            Converted same = Converter.unchecked(tree, ConfigFormat.KEEPALIVED);
            assertEquals(
                    canonical(source("s.conf", same.text(), ConfigFormat.KEEPALIVED)), canonical(after), hocon::text);
        }
    }
}
