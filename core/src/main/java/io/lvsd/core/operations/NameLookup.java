package io.lvsd.core.operations;

import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import java.util.List;
import java.util.stream.Collectors;

/** Finds virtual and real servers by the names that operators use. */
public final class NameLookup {
    private static final int MAX_CANDIDATES = 50;

    private NameLookup() {}

    /** A name matches no server, or several. The message names the candidates, one a line. */
    public static final class LookupException extends Exception {
        private static final long serialVersionUID = 1;

        private final String problem;
        private final boolean ambiguous;
        private final transient List<String> candidates;

        LookupException(String problem, boolean ambiguous, List<String> candidates) {
            super(problem + "; expected one of:\n"
                    + candidates.stream().map(c -> "  " + c + "\n").collect(Collectors.joining()));
            this.problem = problem;
            this.ambiguous = ambiguous;
            this.candidates = candidates;
        }

        /** The message without the candidates. */
        public String problem() {
            return problem;
        }

        /** Whether several servers match. */
        public boolean isAmbiguous() {
            return ambiguous;
        }

        /** Those that match, or all if none does; a limited number. */
        public List<String> candidates() {
            return candidates;
        }
    }

    /**
     * Finds a virtual server by its configured name or by {@code address:port/proto}, {@code fwmark:N[/inet6]} or
     * {@code group:NAME}. The protocol is optional if the name is unambiguous without it.
     */
    public static VsState virtualServer(EngineState state, String name) throws LookupException {
        List<VirtualServerConfig> all = state.config().virtualServers();
        List<VirtualServerConfig> found = all.stream()
                .filter(vs -> vs.id().text().equals(name)
                        || vs.name().filter(name::equals).isPresent())
                .toList();
        if (found.isEmpty()) {
            found = all.stream()
                    .filter(vs -> vs.id().text().startsWith(name + "/"))
                    .toList();
        }
        if (found.size() == 1) {
            return state.server(found.getFirst().id()).orElseThrow();
        }
        boolean ambiguous = !found.isEmpty();
        throw new LookupException(
                (ambiguous ? "ambiguous virtual server '" : "unknown virtual server '") + name + "'",
                ambiguous,
                (ambiguous ? found : all)
                        .stream().limit(MAX_CANDIDATES).map(NameLookup::line).toList());
    }

    private static String line(VirtualServerConfig server) {
        return server.id() + server.name().map(n -> "  (" + n + ")").orElse("");
    }

    /** Finds the real server {@code address:port} of a virtual server. */
    public static RsState realServer(VsState server, String name) throws LookupException {
        List<RsState> found = server.realServers().stream()
                .filter(rs -> rs.config().id().toString().equals(name))
                .toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw new LookupException(
                "unknown real server '" + name + "' of " + server.config().id(),
                false,
                server.realServers().stream()
                        .limit(MAX_CANDIDATES)
                        .map(rs -> rs.config().id().toString())
                        .toList());
    }
}
