package io.lvsd.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.model.VirtualServerConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The configuration in the words of the kernel. */
final class TranslationTest {
    @Test
    void theGranularityIsForServicesOfItsFamilyAndOthersTakeTheWholeAddress() {
        VirtualServerConfig server = ConfigLoader.loadPlain(
                        "virtual_server_group G {\n10.0.0.1 80\nfd00::1 80\n}\nvirtual_server group G {\nprotocol TCP\n"
                                + "lvs_sched rr\nlvs_method TUN\npersistence_granularity 255.255.255.0\n"
                                + "real_server 10.0.0.2 80 { }\n}\n")
                .config()
                .virtualServers()
                .getFirst();
        assertEquals(
                List.of(0xffff_ff00L, 128L),
                Translation.keys(server).stream()
                        .map(key -> Translation.service(key, server).netmask())
                        .toList());
    }
}
