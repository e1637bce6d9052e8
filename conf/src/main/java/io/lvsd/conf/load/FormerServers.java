package io.lvsd.conf.load;

import io.lvsd.conf.model.ConfigOrigins;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.HostReference;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.ProgramReference;
import io.lvsd.conf.syntax.FormerText;
import io.lvsd.conf.syntax.TextBlock;
import io.lvsd.conf.value.IpFamily;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The virtual servers of one load that the next one can use again where their lines are the same. Used by one thread. */
public final class FormerServers {
    /** Before the first load. */
    public static final FormerServers NONE =
            new FormerServers(new IdentityHashMap<>(), "", Optional.empty(), List.of(), false);

    private final IdentityHashMap<TextBlock, Known> servers;
    private final String surroundings;
    private final Optional<FormerText> text;
    private final List<VirtualServerConfig> configs;
    private final boolean distinct;
    private @Nullable Map<VsId, VirtualServerConfig> byId;

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
                    && origins.sorryListen().stream().allMatch(o -> isWithin(block, o))
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
                                    origins.sorry().map(o -> TextBlock.moved(o, by)),
                                    origins.sorryListen().map(o -> TextBlock.moved(o, by))),
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
     * @param text for a load that reads only what changed
     * @param configs of all virtual servers
     * @param distinct whether none of them has the identity or a target of another one
     */
    FormerServers(
            IdentityHashMap<TextBlock, Known> servers,
            String surroundings,
            Optional<FormerText> text,
            List<VirtualServerConfig> configs,
            boolean distinct) {
        this.distinct = distinct;
        this.text = text;
        this.configs = List.copyOf(configs);
        this.servers = servers;
        this.surroundings = surroundings;
    }

    /** For a load that reads everything; equal objects are the same ones even so. */
    public FormerServers withoutBlocks() {
        return new FormerServers(new IdentityHashMap<>(), "", Optional.empty(), configs, distinct);
    }

    /** Whether every block must be read. */
    public boolean isWithoutBlocks() {
        return servers.isEmpty();
    }

    /** What a virtual server was; of several with the same identity, the first one. */
    Optional<VirtualServerConfig> config(VsId id) {
        Map<VsId, VirtualServerConfig> known = byId;
        if (known == null) {
            known = HashMap.newHashMap(configs.size());
            for (VirtualServerConfig config : configs) {
                known.putIfAbsent(config.id(), config);
            }
            byId = known;
        }
        return Optional.ofNullable(known.get(id));
    }

    /** Whether virtual servers are distinct because these ones were, which have the same identities and targets in this order. */
    boolean hasTargetsOf(List<VirtualServerConfig> others) {
        if (!distinct || configs.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < configs.size(); i++) {
            if (!hasSameTargets(configs.get(i), others.get(i))) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // most are the same objects
    private static boolean hasSameTargets(VirtualServerConfig one, VirtualServerConfig other) {
        return one == other
                || one.id().equals(other.id())
                        && one.targets().equals(other.targets())
                        && one.protocol().equals(other.protocol());
    }

    /** The file, if the next load may read only what changed. */
    public Optional<FormerText> text() {
        return text;
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
