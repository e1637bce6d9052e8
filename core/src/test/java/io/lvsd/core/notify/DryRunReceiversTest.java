package io.lvsd.core.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.model.NotifyConfig.Timed;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.value.Program;
import io.lvsd.core.engine.Notification;
import io.lvsd.core.engine.Notification.QuorumChange;
import io.lvsd.core.engine.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a dry run reports, and that it has no secret of the configuration. */
final class DryRunReceiversTest {
    private static final String SECRET = "c2VjcmV0";
    private static final VirtualServerConfig SERVER = World.config(World.vs(
                    "",
                    " real_server 10.0.0.2 80 {\n  HTTP_GET {\n   url {\n    path /\n    header \"Authorization: Basic "
                            + SECRET + "\"\n    status_code 200\n   }\n  }\n }\n"))
            .virtualServers()
            .getFirst();
    private static final Program SCRIPT =
            new Program(List.of("/usr/bin/notify", "--password", SECRET), Optional.empty());

    private final List<String> reported = new ArrayList<>();
    private final DryRunReceivers receivers = new DryRunReceivers(reported::add);

    @Test
    void snmpNotificationsHaveTheServersAndTheState() {
        assertTrue(SERVER.toString().contains(SECRET), "the configuration has the header");
        receivers.deliver(new Notification.RealServerState(
                SERVER, SERVER.realServers().getFirst().id(), false, 0, 1));
        receivers.deliver(new Notification.QuorumState(SERVER, QuorumChange.LOST, 0, 1));
        assertEquals(
                List.of(
                        "SNMP notification: rs 10.0.0.1:80/tcp 10.0.0.2:80 down",
                        "SNMP notification: vs 10.0.0.1:80/tcp quorum lost"),
                reported);
    }

    @Test
    void scriptsAreReportedWithoutTheirArguments() {
        receivers.deliver(new Notification.Run("vs 10.0.0.1:80/tcp", SCRIPT));
        receivers.runAndWait(Optional.of(new Timed(SCRIPT, Duration.ofSeconds(1))));
        assertEquals(List.of("script: /usr/bin/notify for vs 10.0.0.1:80/tcp", "script: /usr/bin/notify"), reported);
    }
}
