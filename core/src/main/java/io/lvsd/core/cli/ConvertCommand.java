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
            "Convert a configuration to the other syntax. What cannot be converted is reported on stderr.",
            "Includes and parameters are expanded; comments are not kept."
        },
        mixinStandardHelpOptions = true)
final class ConvertCommand implements Callable<Integer> {
    /** Syntax of the file to convert. */
    enum From {
        KEEPALIVED,
        HOCON,
        LDIRECTORD
    }

    @Parameters(paramLabel = "FILE", description = "Configuration file to convert.")
    private Path file = Path.of("");

    @Option(
            names = "--from",
            paramLabel = "FORMAT",
            description = "keepalived, hocon or ldirectord (default: detected; *.cf is ldirectord).")
    private @Nullable From from;

    @Option(names = "--to", required = true, paramLabel = "FORMAT", description = "hocon or keepalived.")
    private ConfigFormat to = ConfigFormat.HOCON;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to a new file with mode 0600 (default: stdout).")
    private @Nullable Path output;

    @Option(
            names = "-i",
            paramLabel = "CONFIG_ID",
            description = "Value that conditional lines (@ID) are compared with (default: the host name).")
    private String configId = ConfigLoader.nodeName();

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        Tree tree = read(problems);
        Converted converted = Converter.convert(tree, to);
        List<ConfigProblem> reported = new ArrayList<>(problems.all());
        reported.addAll(converted.lost());
        reported.forEach(p -> System.err.println(p.render()));
        if (problems.isFatal() || tree.statements().isEmpty()) {
            System.err.println("lvsd: " + file + " cannot be converted");
            return ExitStatus.REFUSED;
        }
        write(converted.text());
        return reported.isEmpty() ? ExitStatus.DONE : ExitStatus.PROBLEMS;
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

    /** Writes to stdout, or to a file that only its owner can read, because it may contain secrets. */
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
