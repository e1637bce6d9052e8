package io.lvsd.conf.check;

import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every kind of check. A new one is added here. */
public final class CheckKinds {
    /** In the order in which the checks of a real server are configured. */
    public static final List<CheckKind<?>> ALL = List.of(
            new TcpKind(),
            HttpKind.PLAIN,
            HttpKind.OVER_TLS,
            new SmtpKind(),
            new DnsKind(),
            new UdpKind(),
            new PingKind(),
            new GrpcKind(),
            new ServiceKind(),
            new MiscKind(),
            new FileKind(),
            new BfdKind());

    private CheckKinds() {}

    /** The keywords of all kinds, those that declare checks included. */
    public static List<Keyword<?>> keywords() {
        return ALL.stream()
                .flatMap(k -> Stream.concat(Stream.of(k.block()), k.keywords().stream()))
                .distinct()
                .toList();
    }

    /** The blocks of all kinds. */
    public static List<Scope> scopes() {
        return ALL.stream().flatMap(k -> k.scopes().stream()).distinct().toList();
    }

    /** The kind of a check; empty if no block declares it. */
    public static Optional<CheckKind<?>> of(CheckSpec spec) {
        return ALL.stream()
                .filter(k -> k.spec().isInstance(spec) && k.block().name().equals(spec.kind()))
                .findFirst();
    }

    /** Writes the keywords of a check's kind. */
    public static <C extends CheckSpec> void write(CheckKind<C> kind, CheckSpec spec, CheckOutput output) {
        kind.write(kind.spec().cast(spec), output);
    }

    /** The block of the top level that a check refers to. */
    public static Optional<CheckKind.Definition> definition(CheckSpec spec) {
        return of(spec).flatMap(kind -> definition(kind, spec));
    }

    private static <C extends CheckSpec> Optional<CheckKind.Definition> definition(CheckKind<C> kind, CheckSpec spec) {
        return kind.definition(kind.spec().cast(spec));
    }
}
