package io.lvsd.conf.load;

import io.lvsd.conf.keyword.AddressTypes;
import io.lvsd.conf.keyword.Endpoint;
import io.lvsd.conf.keyword.NumberTypes;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import io.lvsd.conf.value.IpFamily;
import io.lvsd.conf.value.TransportProtocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The addresses or marks in the first line of a virtual server. */
sealed interface Served {
    /** One address. */
    record Single(Endpoint endpoint) implements Served {}

    /** One firewall mark. */
    record Mark(long mark) implements Served {}

    /** The members of a group. */
    record Group(String name, List<GroupReader.Member> members) implements Served {
        public Group {
            members = List.copyOf(members);
        }
    }

    /** The families of the addresses, and of marks that have one. */
    default List<IpFamily> families() {
        return switch (this) {
            case Single(var endpoint) -> List.of(IpFamily.of(endpoint.address()));
            case Mark _ -> List.of();
            case Group(var _, var members) ->
                members.stream().flatMap(m -> family(m).stream()).distinct().toList();
        };
    }

    private static Optional<IpFamily> family(GroupReader.Member member) {
        return switch (member) {
            case GroupReader.Member.Address(var address, var _) -> Optional.of(IpFamily.of(address));
            case GroupReader.Member.Fwmark(var _, var family) -> family;
        };
    }

    /** Whether there is a mark that may be of either family. */
    default boolean hasOpenMark() {
        return this instanceof Mark
                || this instanceof Group(var _, var members)
                        && members.stream().anyMatch(m -> family(m).isEmpty());
    }

    /** The addresses and marks, in the order of the file. */
    default List<Target> targets(IpFamily family) {
        return switch (this) {
            case Single(var endpoint) -> List.of(new Target.Address(endpoint.address(), endpoint.port()));
            case Mark(long mark) -> List.of(new Target.Fwmark(mark, family));
            case Group(var _, var members) ->
                members.stream().map(m -> target(m, family)).distinct().toList();
        };
    }

    private static Target target(GroupReader.Member member, IpFamily family) {
        return switch (member) {
            case GroupReader.Member.Address(var address, int port) -> new Target.Address(address, port);
            case GroupReader.Member.Fwmark(long mark, var own) -> new Target.Fwmark(mark, own.orElse(family));
        };
    }

    /** What makes it the same virtual server after a reload. */
    default VsId id(Families families, Optional<TransportProtocol> protocol) {
        String suffix = protocol.map(p -> "/" + p.lowerCase()).orElse("");
        boolean inet6 = families.main() == IpFamily.INET6 && !families.both();
        return new VsId(
                switch (this) {
                    case Single(var endpoint) -> IpAddresses.text(endpoint.address(), endpoint.port()) + suffix;
                    case Mark(long mark) -> new Target.Fwmark(mark, families.main()).toString();
                    case Group(var name, var _) -> "group:" + name + suffix + (inet6 ? "/inet6" : "");
                });
    }

    /** Reads first lines. */
    record Reader(Map<String, GroupReader.Group> groups, Problems problems) {
        /** Empty, with the reason reported, if the whole block is dropped. */
        Optional<Served> read(Statement block) {
            List<Word> words = block.words();
            if (words.isEmpty()) {
                return Optional.empty();
            }
            return switch (words.getFirst().text()) {
                case "fwmark" -> mark(block, words);
                case "group" -> group(block, words);
                default -> AddressTypes.readEndpoint(block, problems).map(Single::new);
            };
        }

        private Optional<Served> mark(Statement block, List<Word> words) {
            if (words.size() < 2) {
                problems.error(
                        block.origin(),
                        "'virtual_server fwmark' requires a number, the block is dropped",
                        "expected: virtual_server fwmark N {");
                return Optional.empty();
            }
            return Numbers.number(words.get(1), "fwmark", 1, NumberTypes.U32_MAX, problems)
                    .map(Mark::new);
        }

        private Optional<Served> group(Statement block, List<Word> words) {
            if (words.size() < 2) {
                problems.error(
                        block.origin(),
                        "'virtual_server group' requires a name, the block is dropped",
                        "expected: virtual_server group NAME {");
                return Optional.empty();
            }
            String name = words.get(1).text();
            GroupReader.Group known = groups.get(name);
            if (known == null || known.members().isEmpty()) {
                String why = known == null ? "is not defined" : "has no valid entry";
                problems.error(
                        words.get(1).origin(),
                        "group '" + name + "' " + why + ", the virtual server is dropped",
                        known == null
                                ? "define it: virtual_server_group " + name + " { ADDRESS PORT … }"
                                : "add an address, a range or fwmark N");
                return Optional.empty();
            }
            return Optional.of(new Group(name, known.members()));
        }
    }
}
