package io.lvsd.core.control;

import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import java.util.List;
import java.util.stream.Collectors;

/** Finds what an operator calls by name. */
final class NameLookup {
    private NameLookup() {}

    /** A name means nothing, or more than one thing. */
    static final class UnknownException extends Exception {
        private static final long serialVersionUID = 1;

        UnknownException(String message) {
            super(message);
        }
    }

    /**
     * The virtual server of a name: as configured, or {@code address:port/proto}, {@code fwmark:N[/inet6]},
     * {@code group:NAME}; the protocol may be left out where that leaves one.
     */
    static VsState virtualServer(EngineState state, String name) throws UnknownException {
        List<VirtualServerConfig> found = state.config().virtualServers().stream()
                .filter(vs -> vs.id().text().equals(name)
                        || vs.name().filter(name::equals).isPresent())
                .toList();
        if (found.isEmpty()) {
            found = state.config().virtualServers().stream()
                    .filter(vs -> vs.id().text().startsWith(name + "/"))
                    .toList();
        }
        if (found.size() == 1) {
            return state.server(found.getFirst().id()).orElseThrow();
        }
        List<VirtualServerConfig> candidates = found.isEmpty() ? state.config().virtualServers() : found;
        throw new UnknownException((found.isEmpty() ? "no virtual server is called '" : "several are called '") + name
                + "'; there are:\n"
                + candidates.stream().limit(50).map(NameLookup::line).collect(Collectors.joining()));
    }

    private static String line(VirtualServerConfig server) {
        return "  " + server.id() + server.name().map(n -> "  (" + n + ")").orElse("") + "\n";
    }

    /** The real server {@code address:port} of a virtual server. */
    static RsRef realServer(VsState server, String name) throws UnknownException {
        List<RsState> found = server.realServers().stream()
                .filter(rs -> rs.config().id().toString().equals(name))
                .toList();
        if (found.size() == 1) {
            return new RsRef(server.config().id(), found.getFirst().config().id());
        }
        throw new UnknownException(server.config().id() + " has no real server '" + name + "'; it has:\n"
                + server.realServers().stream()
                        .limit(50)
                        .map(rs -> "  " + rs.config().id() + "\n")
                        .collect(Collectors.joining()));
    }
}
