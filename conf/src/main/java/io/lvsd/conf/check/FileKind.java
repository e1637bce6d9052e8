package io.lvsd.conf.check;

import io.lvsd.conf.check.probe.CheckContext;
import io.lvsd.conf.check.probe.TrackTypes;
import io.lvsd.conf.check.probe.TrackTypes.InitialValue;
import io.lvsd.conf.check.probe.TrackTypes.TrackWeight;
import io.lvsd.conf.keyword.BlockBuilder;
import io.lvsd.conf.keyword.BlockTypes;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.keyword.Shape;
import io.lvsd.conf.keyword.TextTypes;
import io.lvsd.conf.keyword.Trait;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.TrackFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** FILE_CHECK: a number in a file is the state or a weight. */
public final class FileKind implements CheckKind<FileCheck> {
    static final Scope SCOPE = Scope.named(FileCheck.KIND, Trait.CHECK);

    private static final Keyword<Statement> BLOCK =
            CheckKind.declare(FileCheck.KIND, SCOPE, "A number in a file is the state or a weight.");
    private static final Keyword<String> NAME = Keyword.required(
            "track_file", SCOPE, TextTypes.text("TRACK_FILE"), "Name of a track_file that is defined above.");
    private static final Keyword<TrackWeight> WEIGHT =
            Keyword.of("weight", SCOPE, TrackTypes.weight(Integer.MAX_VALUE), "the file's", "Factor of the number.");
    private static final Keyword<Boolean> DYNAMIC =
            Keyword.of("dynamic", SCOPE, TextTypes.flag(), "off", "No effect, in keepalived either.");

    /** The block {@code track_file}. */
    public static final Scope TRACK_FILE = Scope.named("track_file");

    public static final Keyword<Statement> TRACK_FILE_BLOCK = Keyword.of(
                    "track_file",
                    Scope.ROOT,
                    BlockTypes.block("NAME {", 1, 1, Shape.Simple.NAMED_OBJECTS).holding(TRACK_FILE),
                    "none",
                    "Named file for FILE_CHECK.")
            .alias("vrrp_track_file");
    private static final Keyword<String> FILE =
            Keyword.required("file", TRACK_FILE, TextTypes.text("PATH"), "Path of the file.");
    private static final Keyword<TrackWeight> FILE_WEIGHT =
            Keyword.of("weight", TRACK_FILE, TrackTypes.weight(254), "1", "Default factor of the number.");
    private static final Keyword<InitialValue> INIT_FILE = Keyword.of(
            "init_file",
            TRACK_FILE,
            TrackTypes.initialValue(),
            "not written",
            "Write a value, 0 by default, at start if the file is missing, or always with overwrite.");

    @Override
    public Keyword<Statement> block() {
        return BLOCK;
    }

    @Override
    public Class<FileCheck> spec() {
        return FileCheck.class;
    }

    @Override
    public List<Scope> scopes() {
        return List.of(SCOPE);
    }

    @Override
    public List<Keyword<?>> keywords() {
        return List.of(NAME, WEIGHT, DYNAMIC, TRACK_FILE_BLOCK, FILE, FILE_WEIGHT, INIT_FILE);
    }

    @Override
    public List<CheckDraft> read(Statement block, CheckContext context) {
        Settings settings = context.read(SCOPE, block);
        Problems problems = context.problems();
        Optional<String> name = settings.required(NAME, block, problems);
        Optional<TrackFile> file = name.flatMap(context::trackFile);
        if (name.isPresent() && file.isEmpty()) {
            problems.error(
                    settings.originOf(NAME, block.origin()),
                    "unknown track_file '" + name.get() + "', the check is dropped",
                    "define it: track_file " + name.get() + " { file PATH }");
        }
        Optional<TrackWeight> own = settings.get(WEIGHT);
        return file
                .map(f -> CheckDraft.passive(
                        new FileCheck(
                                f,
                                own.map(TrackWeight::factor).orElse(f.weight()),
                                own.flatMap(TrackWeight::reverse).orElse(f.reverse())),
                        Optional.empty()))
                .stream()
                .toList();
    }

    @Override
    public void write(FileCheck check, CheckOutput output) {
        output.block().put(NAME, check.file().name()).put(WEIGHT, check.weight(), reverse(check.reverse()));
    }

    private static String reverse(boolean on) {
        return on ? "reverse" : "noreverse";
    }

    /** A block {@code track_file}; empty, with the reason reported, if it is dropped. */
    public static Optional<TrackFile> trackFile(Settings settings, Statement block, Problems problems) {
        Optional<TrackWeight> weight = settings.get(FILE_WEIGHT);
        Optional<InitialValue> init = settings.get(INIT_FILE);
        return settings.required(FILE, block, problems)
                .map(path -> new TrackFile(
                        block.words().getFirst().text(),
                        Path.of(path),
                        weight.map(TrackWeight::factor).orElse(1L),
                        weight.flatMap(TrackWeight::reverse).orElse(false),
                        init.map(i -> OptionalInt.of(i.value())).orElse(OptionalInt.empty()),
                        init.map(InitialValue::overwrite).orElse(false)));
    }

    @Override
    public Optional<Definition> definition(FileCheck check) {
        TrackFile file = check.file();
        BlockBuilder block =
                new BlockBuilder().put(FILE, file.file()).put(FILE_WEIGHT, file.weight(), reverse(file.reverse()));
        if (file.init().isPresent()) {
            List<Object> words = new ArrayList<>(List.of(file.init().getAsInt()));
            if (file.overwrite()) {
                words.add("overwrite");
            }
            block.put(INIT_FILE, words.toArray());
        }
        return Optional.of(new Definition(TRACK_FILE_BLOCK, file.name(), block));
    }
}
