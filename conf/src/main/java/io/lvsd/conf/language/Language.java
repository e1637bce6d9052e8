package io.lvsd.conf.language;

import io.lvsd.conf.check.BfdKind;
import io.lvsd.conf.check.CheckKinds;
import io.lvsd.conf.check.FileKind;
import io.lvsd.conf.check.WeightFrom;
import io.lvsd.conf.check.probe.ProbeKeywords;
import io.lvsd.conf.check.tls.TlsKeywords;
import io.lvsd.conf.keyword.GlobalKeywords;
import io.lvsd.conf.keyword.HttpServerKeywords;
import io.lvsd.conf.keyword.IgnoredGlobalKeywords;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.KeywordIndex;
import io.lvsd.conf.keyword.LogKeywords;
import io.lvsd.conf.keyword.LvsdKeywords;
import io.lvsd.conf.keyword.MaintenanceKeywords;
import io.lvsd.conf.keyword.MetricsKeywords;
import io.lvsd.conf.keyword.RootKeywords;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.ServerKeywords;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.keyword.SnmpKeywords;
import io.lvsd.conf.keyword.SorryKeywords;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The one table of all keywords. Both syntaxes, validation and documentation read it. */
public final class Language {
    /** The top level, its blocks, the checks, and what they contain, in the order of the documentation. */
    private static final List<Scope> SCOPES = Stream.of(
                    List.of(
                            Scope.ROOT,
                            Scope.GLOBAL_DEFS,
                            TlsKeywords.SSL,
                            FileKind.TRACK_FILE,
                            BfdKind.BFD_INSTANCE,
                            Scope.VIRTUAL_SERVER,
                            Scope.REAL_SERVER),
                    CheckKinds.scopes(),
                    List.of(
                            Scope.WEIGHT_FROM,
                            Scope.MAINTENANCE,
                            Scope.LVSD,
                            Scope.LOG,
                            Scope.METRICS,
                            Scope.STATSD,
                            Scope.OTLP,
                            Scope.WEBHOOK,
                            Scope.SNMP,
                            Scope.SNMP_USER,
                            Scope.HTTP,
                            Scope.SORRY_PAGE,
                            Scope.SORRY_HOST))
            .flatMap(List::stream)
            .distinct()
            .toList();

    private static final List<Keyword<?>> ALL = Stream.of(
                    RootKeywords.ALL,
                    GlobalKeywords.ALL,
                    IgnoredGlobalKeywords.ALL,
                    ServerKeywords.ALL,
                    MaintenanceKeywords.ALL,
                    LvsdKeywords.ALL,
                    HttpServerKeywords.ALL,
                    SorryKeywords.ALL,
                    SnmpKeywords.ALL,
                    LogKeywords.ALL,
                    MetricsKeywords.ALL,
                    ProbeKeywords.ALL,
                    TlsKeywords.ALL,
                    WeightFrom.ALL,
                    CheckKinds.keywords())
            .flatMap(List::stream)
            .toList();

    public static final KeywordIndex KEYWORDS = new KeywordIndex(SCOPES, ALL);

    private Language() {}

    /** The keyword that a word means in a block. */
    public static Optional<Keyword<?>> find(Scope scope, String word) {
        return KEYWORDS.find(scope, word);
    }

    /** Every keyword. */
    public static List<Keyword<?>> all() {
        return KEYWORDS.all();
    }

    /** Reads the statements of a block. */
    public static Settings read(Scope scope, List<Statement> statements, Problems problems) {
        return Settings.read(KEYWORDS, scope, statements, problems);
    }
}
