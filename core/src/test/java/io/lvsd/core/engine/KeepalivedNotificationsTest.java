package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.probe.ProbeResult.Reason;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Notifications and their order: the lines, subjects and sentences of keepalived. */
final class KeepalivedNotificationsTest {
    private static final String A = "10.0.0.11:80";
    private static final String B = "10.0.0.12:80";

    private static String rs(String address, String lines) {
        String name = address.substring(address.indexOf(':') - 2, address.indexOf(':'));
        return " real_server " + address.replace(":", " ") + " {\n  TCP_CHECK {\n   retry 0\n  }\n  notify_up \"/rs up "
                + name + "\"\n  notify_down \"/rs down " + name + "\"\n  " + lines + "\n }\n";
    }

    private static String vs(String lines, String... servers) {
        return "virtual_server 10.0.0.1 80 {\n protocol TCP\n lvs_sched rr\n lvs_method NAT\n quorum_up \"/vs up\"\n"
                + " quorum_down \"/vs down\"\n " + lines + "\n" + String.join("", servers) + "}\n";
    }

    private static String file(String global, String servers) {
        return """
            global_defs {
              notification_email {
                admin@example.org
              }
              smtp_server 127.0.0.1
              smtp_alert
              lvs_notify_fifo /run/lvsd-test.fifo
            """ + global + "\n}\n" + servers;
    }

    /** What was delivered since the last call, a line each. */
    private static String notified(World world) {
        List<Notification> all = List.copyOf(world.delivered);
        world.delivered.clear();
        return all.stream()
                .map(d -> switch (d) {
                    case Notification.Line(var text) -> "fifo " + text;
                    case Notification.Run(var _, var program) -> "run " + String.join(" ", program.argv());
                    case Notification.Mail(var subject, var body) -> "mail " + subject + " | " + body;
                    case Notification.RealServerState(var vs, var rs, boolean up, long alive, long total) ->
                        "snmp " + vs.id() + " " + rs + (up ? " up " : " down ") + alive + "/" + total;
                    case Notification.QuorumState(var vs, var change, long alive, long total) ->
                        "snmp " + vs.id() + " " + change + " " + alive + "/" + total;
                })
                .collect(Collectors.joining("\n"));
    }

    @Test
    void aStartTellsOfQuorumsOnly() {
        World world = new World().start(file("", vs("", rs(A, ""), rs(B, ""))));
        assertEquals("""
            run /vs up
            fifo VS [10.0.0.1]:tcp:80 UP
            mail Virtualserver [10.0.0.1]:tcp:80 - UP | => Starting with quorum up 1+0=1 <= 2 <=\
            """, notified(world));
        world.passes(A);
        assertEquals("", notified(world));
    }

    @Test
    void rsInitNotifiesReportsEveryLiveServerBeforeItsVirtualServer() {
        World world = new World().start(file("rs_init_notifies", vs("", rs(A, ""), rs(B, ""))));
        assertEquals("""
            run /rs up 11
            fifo RS [10.0.0.11]:tcp:80 [10.0.0.1]:tcp:80 UP
            run /rs up 12
            fifo RS [10.0.0.12]:tcp:80 [10.0.0.1]:tcp:80 UP
            run /vs up
            fifo VS [10.0.0.1]:tcp:80 UP
            mail Virtualserver [10.0.0.1]:tcp:80 - UP | => Starting with quorum up 1+0=1 <= 2 <=\
            """, notified(world));
    }

    @Test
    void rsInitNotifiesReportsServersThatAReloadAddsBeforeTheirVirtualServer() {
        World world = new World().start(file("rs_init_notifies", vs("smtp_alert no", rs(A, "smtp_alert no"))));
        world.fails(A);
        notified(world);
        world.reload(file("rs_init_notifies", vs("smtp_alert no", rs(A, "smtp_alert no"), rs(B, ""))));
        assertEquals("""
            run /rs up 12
            fifo RS [10.0.0.12]:tcp:80 [10.0.0.1]:tcp:80 UP
            run /vs up
            fifo VS [10.0.0.1]:tcp:80 UP\
            """, notified(world));
    }

    @Test
    void aReloadThatRemovesTheFailedCheckReportsTheServerAndThenTheVirtualServerAsUp() {
        World world = new World().start(file("", vs("smtp_alert no", rs(A, "smtp_alert no"))));
        world.fails(A);
        notified(world);
        String unchecked = rs(A, "smtp_alert no").replace("  TCP_CHECK {\n   retry 0\n  }\n", "");
        world.reload(file("", vs("smtp_alert no", unchecked)));
        assertEquals("""
            run /rs up 11
            fifo RS [10.0.0.11]:tcp:80 [10.0.0.1]:tcp:80 UP
            run /vs up
            fifo VS [10.0.0.1]:tcp:80 UP\
            """, notified(world));
        assertEquals(
                List.of("rs.up the reload removed the failed checks"),
                world.events.stream()
                        .filter(t ->
                                t.fields().containsKey("down_for") && t.fields().containsKey("reason"))
                        .map(t -> t.name() + " " + t.fields().get("reason"))
                        .toList());
    }

    @Test
    void aReloadThatRemovesTheLastLiveServerReportsItBeforeTheLossOfTheQuorum() {
        World world = new World().start(file("", vs("smtp_alert no", rs(A, "smtp_alert no"), rs(B, "smtp_alert no"))));
        world.fails(A);
        notified(world);
        world.reload(file("", vs("smtp_alert no", rs(A, "smtp_alert no"))));
        assertEquals("""
            run /rs down 12
            fifo RS [10.0.0.12]:tcp:80 [10.0.0.1]:tcp:80 DOWN
            run /vs down
            fifo VS [10.0.0.1]:tcp:80 DOWN\
            """, notified(world));
    }

    /** A server that tries to forge a line of the log and a header of the mail. */
    @Test
    void whatAServerSaysIsOnePrintableLineInMailsAndInTheLog() {
        String smtp = rs(A, "").replace("TCP_CHECK", "SMTP_CHECK");
        World world = new World().start(file("", vs("", smtp, rs(B, ""))));
        notified(world);
        String forged = "554 \"no\u001b[2J\u202e\r\nevent=rs.up to=up\r\n\r\n" + "x".repeat(300);
        world.fails(A, Reason.ANSWER, forged);
        String shown = "554 \"no\\x1b[2J\\u202e\\r\\nevent=rs.up to=up\\r\\n\\r\\n";
        String mail = notified(world)
                .lines()
                .filter(l -> l.startsWith("mail "))
                .findFirst()
                .orElse("");
        String sentence = "=> CHECK failed on service : answer " + shown;
        assertTrue(
                mail.startsWith(
                        "mail Realserver [10.0.0.11]:tcp:80 of virtual server [10.0.0.1]:tcp:80 - DOWN | " + sentence),
                mail);
        DaemonEvent down = world.events.stream()
                .filter(t -> t.name().equals("rs.down"))
                .reduce((_, last) -> last)
                .orElseThrow();
        assertEquals(200, String.valueOf(down.fields().get("detail")).length());
        assertTrue(String.valueOf(down.fields().get("detail")).startsWith(shown), down::toString);
        String logged = shown.replace("\\", "\\\\").replace("\"", "\\\"");
        assertTrue(down.toString().contains(" reason=answer detail=\"" + logged + "xxx"), down::toString);
        assertTrue(down.toString().chars().allMatch(c -> c >= ' ' && c != '\u202e'), down::toString);
    }

    @Test
    void aDeathAndTheLossOfTheQuorum() {
        World world = new World().start(file("", vs("", rs(A, ""), rs(B, ""))));
        notified(world);
        world.fails(A);
        assertEquals("""
            run /rs down 11
            fifo RS [10.0.0.11]:tcp:80 [10.0.0.1]:tcp:80 DOWN
            mail Realserver [10.0.0.11]:tcp:80 of virtual server [10.0.0.1]:tcp:80 - DOWN | => TCP CHECK failed on service <=\
            """, notified(world));
        world.fails(B);
        assertEquals("""
            run /rs down 12
            fifo RS [10.0.0.12]:tcp:80 [10.0.0.1]:tcp:80 DOWN
            run /vs down
            fifo VS [10.0.0.1]:tcp:80 DOWN
            mail Virtualserver [10.0.0.1]:tcp:80 - DOWN | => Lost quorum 1+0=1 <= 0 <=
            mail Realserver [10.0.0.12]:tcp:80 of virtual server [10.0.0.1]:tcp:80 - DOWN | => TCP CHECK failed on service <=\
            """, notified(world));
        world.passes(B);
        assertEquals("""
            run /rs up 12
            fifo RS [10.0.0.12]:tcp:80 [10.0.0.1]:tcp:80 UP
            run /vs up
            fifo VS [10.0.0.1]:tcp:80 UP
            mail Virtualserver [10.0.0.1]:tcp:80 - UP | => Gained quorum 1+0=1 <= 1 <=
            mail Realserver [10.0.0.12]:tcp:80 of virtual server [10.0.0.1]:tcp:80 - UP | => TCP CHECK succeed on service <=\
            """, notified(world));
    }

    @Test
    void anAlphaServerThatFailsFirstIsToldAsDownOnce() {
        World world = new World().start(file("", vs("alpha", rs(A, "smtp_alert no"))));
        assertEquals("", notified(world), "a quorum that is down at start without a sorry server is not notified");
        world.fails(A);
        assertEquals("""
            run /rs down 11
            fifo RS [10.0.0.11]:tcp:80 [10.0.0.1]:tcp:80 DOWN\
            """, notified(world));
    }

    @Test
    void anAlphaServiceWithASorryServerStartsWithItsQuorumDown() {
        World world = new World().start(file("", vs("alpha\n sorry_server 10.0.0.99 80", rs(A, ""))));
        assertEquals("""
            run /vs down
            fifo VS [10.0.0.1]:tcp:80 DOWN
            mail Virtualserver [10.0.0.1]:tcp:80 - DOWN | => Starting with quorum down 1+0=1 <= 0 <=\
            """, notified(world));
    }

    @Test
    void withNoCheckerEmailsASecondFailedCheckIsNotMailed() {
        String two = rs(A, "TCP_CHECK {\n   connect_port 81\n   retry 0\n  }");
        for (String global : List.of("", "no_checker_emails")) {
            World world = new World().start(file(global, vs("smtp_alert no", two, rs(B, ""))));
            notified(world);
            world.fails(A);
            long mails =
                    notified(world).lines().filter(l -> l.startsWith("mail")).count();
            assertEquals(global.isEmpty() ? 2 : 1, mails);
        }
    }

    @Test
    void whatAReloadTakesAwayIsToldAsDown() {
        World world = new World().start(file("", vs("", rs(A, ""), rs(B, ""))));
        notified(world);
        world.reload(file("", vs("", rs(B, ""))));
        assertEquals("""
            run /rs down 11
            fifo RS [10.0.0.11]:tcp:80 [10.0.0.1]:tcp:80 DOWN
            mail Realserver [10.0.0.11]:tcp:80 of virtual server [10.0.0.1]:tcp:80 - DOWN | => Removing <=\
            """, notified(world));
        world.reload(file("", vs("", rs(B, "")).replace("10.0.0.1 80", "10.0.0.2 80")));
        assertEquals("""
            run /rs down 12
            fifo RS [10.0.0.12]:tcp:80 [10.0.0.1]:tcp:80 DOWN
            mail Realserver [10.0.0.12]:tcp:80 of virtual server [10.0.0.1]:tcp:80 - DOWN | => Removing <=
            run /vs down
            fifo VS [10.0.0.1]:tcp:80 DOWN
            mail Virtualserver [10.0.0.1]:tcp:80 - DOWN | => Shutting down <=
            run /vs up
            fifo VS [10.0.0.2]:tcp:80 UP
            mail Virtualserver [10.0.0.2]:tcp:80 - UP | => Starting with quorum up 1+0=1 <= 1 <=\
            """, notified(world));
    }

    @Test
    void aStopIsSilentWithoutOmega() {
        World world = new World().start(file("", vs("", rs(A, ""))));
        notified(world);
        world.send(new Event.StopRequested());
        assertEquals("", notified(world));

        World omega = new World().start(file("", vs("omega", rs(A, ""))));
        notified(omega);
        omega.send(new Event.StopRequested());
        assertEquals("""
            run /rs down 11
            fifo RS [10.0.0.11]:tcp:80 [10.0.0.1]:tcp:80 DOWN
            mail Realserver [10.0.0.11]:tcp:80 of virtual server [10.0.0.1]:tcp:80 - DOWN | => Shutting down <=
            run /vs down
            fifo VS [10.0.0.1]:tcp:80 DOWN
            mail Virtualserver [10.0.0.1]:tcp:80 - DOWN | => Shutting down <=\
            """, notified(omega));

        World flush = new World().start(file("lvs_flush_on_stop VS", vs("omega", rs(A, ""))));
        notified(flush);
        flush.send(new Event.StopRequested());
        assertEquals("""
            run /vs down
            fifo VS [10.0.0.1]:tcp:80 DOWN
            mail Virtualserver [10.0.0.1]:tcp:80 - DOWN | => Shutting down <=\
            """, notified(flush));
    }

    @Test
    void namesOfMarksAndGroups() {
        String mark = vs("", rs(A, "")).replace("10.0.0.1 80", "fwmark 7").replace(" protocol TCP\n", "");
        World world = new World().start(file("", mark));
        world.fails(A);
        assertEquals(
                List.of("fifo VS FWM 7 UP", "fifo RS [10.0.0.11]:none:80 FWM 7 DOWN", "fifo VS FWM 7 DOWN"),
                notified(world).lines().filter(l -> l.startsWith("fifo")).toList());
        String group = "virtual_server_group pool {\n 10.0.0.1 80\n}\n";
        String tcp = vs("", rs(A, "")).replace("10.0.0.1 80", "group pool");
        World groups = new World().start(file("", group + tcp + tcp.replace("TCP\n", "UDP\n")));
        assertEquals(
                List.of("fifo VS [pool]:0 UP", "fifo VS [pool]:1 UP"),
                notified(groups).lines().filter(l -> l.startsWith("fifo")).toList());
    }

    @Test
    void anOperatorsOrderIsNoDeathButMayCostTheQuorum() {
        World world = new World().start(file("", vs("", rs(A, ""))));
        notified(world);
        world.operator(A, o -> o.disabled());
        assertEquals(
                List.of("run /vs down", "fifo VS [10.0.0.1]:tcp:80 DOWN"),
                notified(world).lines().filter(l -> !l.startsWith("mail")).toList());
        world.pass(Duration.ofSeconds(5));
        assertEquals("", notified(world));
    }

    // ---- SNMP

    private static String snmp(String... servers) {
        return "lvsd {\n snmp {\n  sink udp:192.0.2.9:162 community public\n }\n}\n" + vs("", servers);
    }

    private static String plain(String address) {
        return " real_server " + address.replace(":", " ") + " {\n  TCP_CHECK {\n   retry 0\n  }\n }\n";
    }

    private static String stateChanges(World world) {
        return notified(world).lines().filter(line -> line.startsWith("snmp")).collect(Collectors.joining("\n"));
    }

    @Test
    void snmpReportsEachRealServerAndThenTheQuorum() {
        World world = new World().start(snmp(plain(A), plain(B)));
        assertEquals("snmp 10.0.0.1:80/tcp GAINED 2/2", stateChanges(world));
        world.fails(A);
        assertEquals("snmp 10.0.0.1:80/tcp 10.0.0.11:80 down 1/2", stateChanges(world));
        world.fails(B);
        assertEquals("""
            snmp 10.0.0.1:80/tcp 10.0.0.12:80 down 0/2
            snmp 10.0.0.1:80/tcp LOST 0/2\
            """, stateChanges(world));
        world.passes(A);
        assertEquals("""
            snmp 10.0.0.1:80/tcp 10.0.0.11:80 up 1/2
            snmp 10.0.0.1:80/tcp GAINED 1/2\
            """, stateChanges(world));
    }

    @Test
    void snmpReportsAStopWithoutOmegaToo() {
        World world = new World().start(snmp(plain(A)));
        notified(world);
        world.send(new Event.StopRequested());
        assertEquals("snmp 10.0.0.1:80/tcp SHUTDOWN 1/1", stateChanges(world));
    }

    @Test
    void snmpReportsAStopAlsoOfAVirtualServerWithoutQuorum() {
        World world = new World().start(snmp(plain(A)));
        world.fails(A);
        notified(world);
        world.send(new Event.StopRequested());
        assertEquals("snmp 10.0.0.1:80/tcp SHUTDOWN 0/1", stateChanges(world));
    }

    @Test
    void snmpReportsTheQuorumOfAVirtualServerThatAReloadRemovesOnce() {
        String other = snmp(plain(A)).replace("10.0.0.1 80", "10.0.0.2 80");
        World met = new World().start(snmp(plain(A), plain(B)));
        notified(met);
        met.reload(other);
        assertEquals("""
            snmp 10.0.0.1:80/tcp 10.0.0.11:80 down 1/2
            snmp 10.0.0.1:80/tcp 10.0.0.12:80 down 0/2
            snmp 10.0.0.1:80/tcp LOST 0/2
            snmp 10.0.0.2:80/tcp GAINED 1/1\
            """, stateChanges(met));
        World lost = new World().start(snmp(plain(A)));
        lost.fails(A);
        notified(lost);
        lost.reload(other);
        assertEquals("snmp 10.0.0.2:80/tcp GAINED 1/1", stateChanges(lost));
    }

    @Test
    void snmpReportsWhatAReloadRemoves() {
        World world = new World().start(snmp(plain(A), plain(B)));
        notified(world);
        world.reload(snmp(plain(A)));
        assertEquals("snmp 10.0.0.1:80/tcp 10.0.0.12:80 down 1/1", stateChanges(world));
    }

    @Test
    void withoutAReceiverThereIsNoSnmpNotification() {
        World world = new World().start(vs("", plain(A)));
        world.fails(A);
        assertEquals("", stateChanges(world));
    }
}
