package io.lvsd.checkers.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.IpAddresses;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CheckIdTest {
    private static final int SERVERS = 200;

    /** Checks of one file have the same specification; with equal hash codes each of them would be searched among all. */
    @Test
    void checksOfOneFileHaveHashCodesOfTheirOwn() {
        StringBuilder config = new StringBuilder("track_file f {\n file /f\n}\n");
        for (int v = 1; v <= 2; v++) {
            config.append("virtual_server 10.0.0." + v + " 80 {\n protocol TCP\n");
            for (int i = 1; i <= SERVERS; i++) {
                config.append(" real_server 10.0.1." + i + " 80 {\n  FILE_CHECK {\n   track_file f\n  }\n }\n");
            }
            config.append("}\n");
        }
        Set<Integer> hashes = new HashSet<>();
        for (VirtualServerConfig vs :
                ConfigLoader.loadPlain(config.toString()).config().virtualServers()) {
            for (RealServerConfig rs : vs.realServers()) {
                hashes.add(CheckId.of(vs.id(), rs.id(), rs.checks().getFirst()).hashCode());
            }
        }
        assertEquals(2 * SERVERS, hashes.size());
    }

    @Test
    void everyPartCounts() {
        CheckId id = new CheckId(vs("a"), rs("10.0.0.1", 80), "TCP_CHECK", "f", 0);
        assertEquals(id, new CheckId(vs("a"), rs("10.0.0.1", 80), "TCP_CHECK", "f", 0));
        assertEquals(id.hashCode(), new CheckId(vs("a"), rs("10.0.0.1", 80), "TCP_CHECK", "f", 0).hashCode());
        List.of(
                        new CheckId(vs("b"), rs("10.0.0.1", 80), "TCP_CHECK", "f", 0),
                        new CheckId(vs("a"), rs("10.0.0.2", 80), "TCP_CHECK", "f", 0),
                        new CheckId(vs("a"), rs("10.0.0.1", 81), "TCP_CHECK", "f", 0),
                        new CheckId(vs("a"), rs("10.0.0.1", 80), "UDP_CHECK", "f", 0),
                        new CheckId(vs("a"), rs("10.0.0.1", 80), "TCP_CHECK", "g", 0),
                        new CheckId(vs("a"), rs("10.0.0.1", 80), "TCP_CHECK", "f", 1))
                .forEach(other -> assertNotEquals(id, other));
    }

    private static VsId vs(String text) {
        return new VsId(text);
    }

    private static RsId rs(String address, int port) {
        return new RsId(IpAddresses.address(address).orElseThrow(), port);
    }
}
