package io.lvsd.core.cli;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.ConfigLoader.Tree;
import io.lvsd.conf.convert.Converter;
import io.lvsd.conf.convert.Converter.Converted;
import io.lvsd.conf.convert.Ldirectord;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.TextFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lvsd convert}. */
@Command(
        name = "convert",
        description = {
            "Writes a configuration in the other syntax; what cannot be carried over is told on stderr.",
            "Includes and parameters are written out; comments are not kept."
        },
        mixinStandardHelpOptions = true)
final class ConvertCommand implements Callable<Integer> {
    /** What a file may be read as. */
    enum From {
        KEEPALIVED,
        HOCON,
        LDIRECTORD
    }

    @Parameters(paramLabel = "FILE", description = "The file to read.")
    private Path file = Path.of("");

    @Option(
            names = "--from",
            paramLabel = "FORMAT",
            description = "keepalived, hocon or ldirectord (default: as the text looks; *.cf is ldirectord's).")
    private @Nullable From from;

    @Option(names = "--to", required = true, paramLabel = "FORMAT", description = "hocon or keepalived.")
    private ConfigFormat to = ConfigFormat.HOCON;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "A new file, readable by its owner alone (default: stdout).")
    private @Nullable Path output;

    @Option(
            names = "-i",
            paramLabel = "CONFIG_ID",
            description = "What conditional lines (@ID) are compared with (default: the host's name).")
    private String configId = ConfigLoader.nodeName();

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        Tree tree = read(problems);
        Converted converted = Converter.convert(tree, to);
        List<ConfigProblem> told = new ArrayList<>(problems.all());
        told.addAll(converted.lost());
        told.forEach(p -> System.err.println(p.render()));
        if (problems.isFatal() || tree.statements().isEmpty()) {
            System.err.println("lvsd: " + file + " cannot be converted");
            return ExitStatus.REFUSED;
        }
        write(converted.text());
        return told.isEmpty() ? ExitStatus.DONE : ExitStatus.PROBLEMS;
    }

    private Tree read(Problems problems) {
        boolean ldirectord =
                from == From.LDIRECTORD || from == null && file.toString().endsWith(".cf");
        if (ldirectord) {
            return TextFiles.read(file, problems)
                    .map(text -> Ldirectord.read(file.toString(), text, problems))
                    .orElse(new Tree(ConfigFormat.KEEPALIVED, List.of()));
        }
        Optional<ConfigFormat> format = Optional.ofNullable(from).map(f -> ConfigFormat.valueOf(f.name()));
        return new ConfigLoader.Source(file, configId, format).parse(problems);
    }

    /** To stdout, or to a file that nobody else may read: it may hold secrets. */
    @SuppressWarnings("SystemOut")
    private void write(String text) throws IOException {
        Path target = output;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (target == null) {
            System.out.write(bytes, 0, bytes.length);
            System.out.flush();
            return;
        }
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = Files.newByteChannel(target, options, owner)) {
            channel.write(java.nio.ByteBuffer.wrap(bytes));
        }
    }
}
