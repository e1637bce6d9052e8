package io.lvsd.core.control;

import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import java.util.List;
import java.util.stream.Collectors;

/** Finds virtual and real servers by the names that operators use. */
final class NameLookup {
    private NameLookup() {}

    /** A name matches no server, or several. */
    static final class LookupException extends Exception {
        private static final long serialVersionUID = 1;

        LookupException(String message) {
            super(message);
        }
    }

    /**
     * Finds a virtual server by its configured name or by {@code address:port/proto}, {@code fwmark:N[/inet6]} or
     * {@code group:NAME}. The protocol is optional if the name is unambiguous without it.
     */
    static VsState virtualServer(EngineState state, String name) throws LookupException {
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
        throw new LookupException((found.isEmpty() ? "unknown virtual server '" : "ambiguous virtual server '") + name
                + "'; expected one of:\n"
                + candidates.stream().limit(50).map(NameLookup::line).collect(Collectors.joining()));
    }

    private static String line(VirtualServerConfig server) {
        return "  " + server.id() + server.name().map(n -> "  (" + n + ")").orElse("") + "\n";
    }

    /** Finds the real server {@code address:port} of a virtual server. */
    static RsRef realServer(VsState server, String name) throws LookupException {
        List<RsState> found = server.realServers().stream()
                .filter(rs -> rs.config().id().toString().equals(name))
                .toList();
        if (found.size() == 1) {
            return new RsRef(server.config().id(), found.getFirst().config().id());
        }
        throw new LookupException(
                "unknown real server '" + name + "' of " + server.config().id() + "; expected one of:\n"
                        + server.realServers().stream()
                                .limit(50)
                                .map(rs -> "  " + rs.config().id() + "\n")
                                .collect(Collectors.joining()));
    }
}
