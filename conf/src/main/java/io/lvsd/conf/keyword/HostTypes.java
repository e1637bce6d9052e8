package io.lvsd.conf.keyword;

import io.lvsd.conf.source.HostReference;
import io.lvsd.conf.source.HostReference.Kind;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import java.util.Optional;

/** Value types of names that must exist on the host. */
public final class HostTypes {
    private HostTypes() {}

    /** One word that names something on the host. */
    public static <T> FunctionType<T> naming(Kind kind, FunctionType<T> type) {
        return type.reading((statement, problems) -> {
            Optional<T> value = type.read(statement, problems);
            value.ifPresent(_ -> refer(kind, statement.words().getFirst(), statement, problems));
            return value;
        });
    }

    private static void refer(Kind kind, Word word, Statement statement, Problems problems) {
        refer(kind, word, word.text(), statement, problems);
    }

    static void refer(Kind kind, Word word, String name, Statement statement, Problems problems) {
        problems.refersTo(new HostReference(kind, name, statement.name(), word.origin()));
    }

    /** A network interface. The kernel allows at most 15 bytes and no slash (net/core/dev.c, dev_valid_name). */
    public static FunctionType<String> interfaceName() {
        return naming(
                Kind.INTERFACE,
                TextTypes.parsed(
                        "INTERFACE",
                        text -> Optional.of(text).filter(t -> t.matches("(?!\\.\\.?$)[!-.0-9;-~]{1,15}")),
                        "interface",
                        "a name as in the output of: ip link"));
    }
}
