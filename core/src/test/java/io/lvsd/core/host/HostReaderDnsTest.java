package io.lvsd.core.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.conf.source.IpAddresses;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** DNS servers in the kernel's table of UDP sockets; lines of Linux 6.1 on a little-endian host. */
final class HostReaderDnsTest {
    private static final String TABLE = """
           sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
          409: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0 0
          410: 00000000:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 2 2 0 0
          411: 6400010A:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 3 2 0 0
          412: 6400010A:0035 0200010A:9C40 01 00000000:00000000 00:00000000 00000000     0        0 4 2 0 0
          413: 6400010A:9C41 0200010A:0035 01 00000000:00000000 00:00000000 00000000     0        0 5 2 0 0
        """;

    @Test
    void onlyUnconnectedSocketsAtPort53AreDnsServers() throws IOException {
        assertEquals(
                Set.of(
                        IpAddresses.address("127.0.0.1").orElseThrow(),
                        IpAddresses.address("10.1.0.100").orElseThrow()),
                HostReader.dns(new BufferedReader(new StringReader(TABLE))));
    }
}
