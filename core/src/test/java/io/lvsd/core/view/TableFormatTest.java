package io.lvsd.core.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.MemoryIpvs;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.Tunnel;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The layouts of ipvsadm 1.31. */
final class TableFormatTest {
    private static final ServiceKey WEB =
            new ServiceKey.AddressKey(Protocol.TCP, Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, 1}), 80);
    private static final ServiceKey MARK = new ServiceKey.FwmarkKey(AddressFamily.INET6, 7);

    private static DestinationKey dest(int last) {
        return new DestinationKey(Addresses.of(AddressFamily.INET, new byte[] {10, 0, 1, (byte) last}), 80);
    }

    private static MemoryIpvs table() {
        MemoryIpvs table = new MemoryIpvs();
        table.apply(List.of(
                new IpvsCommand.NewService(
                        new IpvsService(WEB, "sh", IpvsService.PERSISTENT | IpvsService.SCHED2, 300, 0xffffff00L, "")),
                new IpvsCommand.NewDest(WEB, new IpvsDestination(dest(1), ForwardingMethod.MASQ, 1, 9, 3, Tunnel.NONE)),
                new IpvsCommand.NewDest(
                        WEB,
                        new IpvsDestination(
                                dest(2), ForwardingMethod.TUNNEL, 2, 0, 0, new Tunnel(Tunnel.GUE, 6080, Tunnel.CSUM))),
                new IpvsCommand.NewService(IpvsService.of(MARK, "rr"))));
        return table;
    }

    @Test
    void listHasTheLayoutOfIpvsadm() {
        assertEquals("""
            IP Virtual Server version 1.2.1 (size=4096)
            Prot LocalAddress:Port Scheduler Flags
              -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
            TCP  10.0.0.1:80 sh (sh-port) persistent 300 mask 255.255.255.0
              -> 10.0.1.1:80                  Masq    1      0          0        \s
              -> 10.0.1.2:80                  Tunnel  2      0          0        \s
            FWM  7 IPv6 rr
            """, TableFormat.list(table().read()));
    }

    @Test
    void saveHasTheFormatOfIpvsadm() {
        assertEquals("""
            -A -t 10.0.0.1:80 -s sh -p 300 -M 255.255.255.0 -b sh-port
            -a -t 10.0.0.1:80 -r 10.0.1.1:80 -m -w 1 -x 9 -y 3
            -a -t 10.0.0.1:80 -r 10.0.1.2:80 -i --tun-type gue --tun-port 6080 --tun-csum -w 2
            -A -f 7 -6 -s rr
            """, TableFormat.save(table().read()));
    }

    @Test
    void statsHaveTheirColumns() {
        assertEquals(
                "TCP  10.0.0.1:80                         0        0        0        0        0",
                TableFormat.stats(table().read()).lines().skip(3).findFirst().orElseThrow());
    }
}
