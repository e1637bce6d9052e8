package io.lvsd.conf.load;

import io.lvsd.conf.model.ConfigOrigins;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.HostReference;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.ProgramReference;
import io.lvsd.conf.syntax.TextBlock;
import io.lvsd.conf.value.IpFamily;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The virtual servers of one load that the next one can use again where their lines are the same. */
public final class FormerServers {
    /** Before the first load. */
    public static final FormerServers NONE = new FormerServers(new IdentityHashMap<>(), "", Map.of());

    private final IdentityHashMap<TextBlock, Known> servers;
    private final String surroundings;
    private final Map<VsId, VirtualServerConfig> configs;

    /**
     * What a block was read as. Nothing was reported for it.
     *
     * @param references of its values
     */
    record Known(VirtualServer server, List<HostReference> references) {
        Known {
            references = List.copyOf(references);
        }

        /** Whether all its places are in the block, so that they move with it. */
        boolean isWithin(TextBlock block) {
            ConfigOrigins.Server origins = server.origins();
            return isWithin(block, origins.origin())
                    && origins.realServers().stream().allMatch(o -> isWithin(block, o))
                    && origins.sorry().stream().allMatch(o -> isWithin(block, o))
                    && server.programs().stream().allMatch(p -> isWithin(block, p.origin()))
                    && references.stream().allMatch(r -> isWithin(block, r.origin()));
        }

        private static boolean isWithin(TextBlock block, Origin origin) {
            return origin.file().equals(block.file())
                    && origin.line() >= block.firstLine()
                    && origin.line() < block.firstLine() + block.lines();
        }

        /** The same after the block moved by so many lines. */
        Known moved(int by) {
            if (by == 0) {
                return this;
            }
            ConfigOrigins.Server origins = server.origins();
            return new Known(
                    new VirtualServer(
                            server.config(),
                            new ConfigOrigins.Server(
                                    TextBlock.moved(origins.origin(), by),
                                    origins.realServers().stream()
                                            .map(o -> TextBlock.moved(o, by))
                                            .toList(),
                                    origins.sorry().map(o -> TextBlock.moved(o, by))),
                            server.programs().stream().map(p -> moved(p, by)).toList()),
                    references.stream().map(r -> moved(r, by)).toList());
        }

        static ProgramReference moved(ProgramReference program, int by) {
            return new ProgramReference(
                    program.use(), program.program(), TextBlock.moved(program.origin(), by), program.check());
        }

        static HostReference moved(HostReference reference, int by) {
            return new HostReference(
                    reference.kind(),
                    reference.name(),
                    reference.keyword(),
                    TextBlock.moved(reference.origin(), by),
                    reference.use());
        }

        /**
         * Whether the parts of the block are its real servers, and each depends only on itself and on what is around them: of
         * a firewall mark, and of a group with both families, they decide on the family together.
         */
        boolean hasParts(TextBlock block) {
            IpFamily family = server.config().family();
            return block.parts().count() == server.config().realServers().size()
                    && server.config().targets().stream()
                            .allMatch(t ->
                                    t instanceof Target.Address(var address, int _) && IpFamily.of(address) == family);
        }
    }

    /**
     * @param servers whose blocks need not be read again; not changed any more
     * @param surroundings of the blocks: everything that their meaning depends on besides their lines
     * @param configs of all virtual servers
     */
    FormerServers(
            IdentityHashMap<TextBlock, Known> servers, String surroundings, Map<VsId, VirtualServerConfig> configs) {
        this.configs = Map.copyOf(configs);
        this.servers = servers;
        this.surroundings = surroundings;
    }

    /** For a load that reads everything; equal objects are the same ones even so. */
    public FormerServers withoutBlocks() {
        return new FormerServers(new IdentityHashMap<>(), "", configs);
    }

    /** Whether every block must be read. */
    public boolean isWithoutBlocks() {
        return servers.isEmpty();
    }

    /** What a virtual server was. */
    Optional<VirtualServerConfig> config(VsId id) {
        return Optional.ofNullable(configs.get(id));
    }

    boolean isSurroundedBy(String other) {
        return surroundings.equals(other);
    }

    /** What a block was read as; the block is one of {@link #blocks}. */
    Optional<Known> of(TextBlock block) {
        return Optional.ofNullable(servers.get(block));
    }

    /** The blocks that need not be read again. */
    public Collection<TextBlock> blocks() {
        return Collections.unmodifiableCollection(servers.keySet());
    }
}
