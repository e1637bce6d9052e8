package io.lvsd.conf.keyword;

import io.lvsd.conf.HostReference;
import io.lvsd.conf.HostReference.Kind;
import io.lvsd.conf.Origin;
import io.lvsd.conf.syntax.Statement;
import java.nio.file.Path;

/** The value types of TLS settings. */
public final class TlsTypes {
    private TlsTypes() {}

    /** A file, the keyword that names it, and the place of its name. */
    public record FileName(Path path, String keyword, Origin origin) {}

    /** A file with certificates. */
    static Described<FileName> certificates() {
        Described<FileName> file = file();
        return file.reading((statement, problems) -> {
            var named = file.read(statement, problems);
            named.ifPresent(f -> problems.refersTo(
                    new HostReference(Kind.CERTIFICATES, f.path().toString(), f.keyword(), f.origin())));
            return named;
        });
    }

    /** A file with a private key. What it must fit is known only to the reader of the whole block, who refers to it. */
    static Described<FileName> key() {
        return file();
    }

    private static Described<FileName> file() {
        Described<FileName> type = Types.type(
                "FILE",
                (statement, problems) -> Types.oneWord(statement, "FILE", problems)
                        .map(word -> named(statement, word.text(), word.origin())));
        return type.twice(ValueType.Twice.LAST_REPORTED);
    }

    private static FileName named(Statement statement, String text, Origin origin) {
        return new FileName(Path.of(text), statement.name(), origin);
    }
}
