package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader.Loaded;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A configuration of which no virtual server remains: an accident is not loadable, an intention is. */
final class NoVirtualServersTest {
    private static final String BODY =
            "protocol TCP\nlvs_sched rr\nlvs_method NAT\nreal_server 10.0.0.2 80 { TCP_CHECK { } }\n}\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Loaded load(String text) {
        TextLoader loader = new TextLoader(directory);
        loader.write("servers.conf", "virtual_server 10.0.0.1 80 {\n" + BODY);
        loader.write("empty.conf", "# nothing yet\n");
        return loader.load(text.replace("BODY", BODY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lvsd {\ndriver memory\nvirtual_server 10.0.0.1 80 {\nBODY",
                "global_defs {\nrouter_id a\nvirtual_server 10.0.0.1 80 {\nBODY",
                "vrrp_instance V {\nstate MASTER\nvirtual_server 10.0.0.1 80 {\nBODY",
                "nonsense {\nvirtual_server 10.0.0.1 80 {\nBODY}\n",
                "virtual_servre 10.0.0.1 80 {\nBODY",
                "Virtual_Server 10.0.0.1 80 {\nBODY",
                "virtual-server 10.0.0.1 80 {\nBODY",
                "service 10.0.0.1 80 {\nBODY",
                "virtual_server 10.0.${X}.4 80 {\nBODY",
                "virtual_server 10.0.0.1 ${PORT} {\nBODY",
                "~SEQ(N, 1, -1, 3) virtual_server 10.0.0.$N 80 {\nBODY",
                "@other virtual_server 10.0.0.1 80 {\nBODY",
                "virtual_server 10.0.0.256 80 {\nBODY",
                "virtual_server 10.0.0.1 80",
                "virtual_server\n{\nBODY",
                "virtual_server group G {\nBODY",
                "virtual_server 10.0.0.1 80 {\nprotocol TCP\n}\n",
                "include missing.conf\n",
                "include /dev/null\n",
                "include ${DIR}/servers.conf\n",
                "includem missing.conf\n",
                "virtual_server = { web = { adress = \"10.0.0.1:80\" } }",
                "lvsd.driver = memory\nvirtual_servre = { web = { address = \"10.0.0.1:80\" } }"
            })
    void isNotLoadableIfTheTextMentionsSome(String text) {
        Loaded loaded = load(text);
        assertFalse(loaded.loadable(), loaded.problems()::toString);
        assertTrue(loaded.config().virtualServers().isEmpty());
        assertTrue(loaded.hasErrors());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "lvsd { driver memory }\n",
                "global_defs {\nrouter_id a\n}\n",
                "global_defs {\nrooter_id a\n}\n",
                "vrrp_instance V {\nvirtual_router_id 1\nvirtual_ipaddress {\n10.0.0.1\n}\n}\n",
                "virtual_server_group G {\n10.0.0.1 80\n}\n",
                "# virtual_server 10.0.0.1 80 {\n",
                "@other virtual_server 10.0.0.1 80 { lvs_sched rr }\n",
                "@other include servers.conf\n",
                "$V=virtual_server 10.0.0.1 80 { lvs_sched rr }\n",
                "include empty.conf\n",
                "include conf.d/*.conf\n",
                "lvsd.driver = memory\n",
                "lvsd.driver = memory\nvirtual_server = { }\n"
            })
    void isLoadableIfItMentionsNone(String text) {
        Loaded loaded = load(text);
        assertTrue(loaded.loadable(), loaded.problems()::toString);
        assertTrue(loaded.config().virtualServers().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "virtual_servre 10.0.0.9 80 {\nBODYvirtual_server 10.0.0.1 80 {\nBODY",
                "include missing.conf\ninclude servers.conf\n",
                "virtual_server 10.0.0.1 80 {\nBODYlvsd {\n"
            })
    void isNoQuestionAsLongAsOneRemains(String text) {
        Loaded loaded = load(text);
        assertTrue(loaded.loadable(), loaded.problems()::toString);
        assertEquals(1, loaded.config().virtualServers().size());
    }
}
