package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.control.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Long downloads and an idle session, through everything that an operator does to a service in the meantime. */
@Tag("long")
final class LongSessionsTest {
    private static final int DOWNLOADS = 10;
    private static final int SIZE = 1_500_000;
    private static final int STEPS = 40;
    private static final int STEP_SIZE = 20_000;
    private static final int MOST_HEADERS = 1_000;

    private static String rs(String address, int port) {
        return " real_server " + address + " " + port
                + " {\n  TCP_CHECK {\n   connect_timeout 5\n   retry 0\n   warmup 0\n  }\n }\n";
    }

    private static String vs(String address, String lines, String... servers) {
        return "virtual_server " + address + " 80 {\n delay_loop 1\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n"
                + lines + String.join("", servers) + "}\n";
    }

    private static String config(boolean both) {
        return "lvsd {\n removal_grace 300\n}\n"
                + vs("10.1.0.100", "", rs("10.2.0.11", 80), both ? rs("10.2.0.12", 80) : "")
                + vs("10.1.0.101", " sorry_server 10.2.0.12 80\n", rs("10.2.0.11", 81));
    }

    private static void done(Reply reply) {
        assertEquals(0, reply.status(), reply::body);
    }

    @Test
    void theySurviveEverything() throws IOException {
        try (Bed bed = new Bed()) {
            for (String text : List.of("one", "two")) {
                bed.web(text.equals("one") ? "r1" : "r2", "80", text);
                Files.write(bed.file("www-" + text).resolve("large"), new byte[SIZE]);
            }
            // Small buffers: a download is under way until its client has all of it.
            for (String host : List.of("c", "r1", "r2")) {
                Shell.ok(bed.in(
                        host,
                        "sysctl -qw net.ipv4.tcp_rmem=\"4096 16384 32768\" net.ipv4.tcp_wmem=\"4096 16384 32768\""));
            }
            Path file = bed.write("lvsd.conf", config(true));
            LvsdProcess lvsd = bed.lvsd(file);
            bed.until(
                    "two servers, and a sorry server",
                    () -> bed.destinations().stream()
                            .sorted()
                            .toList()
                            .equals(List.of("10.2.0.11:80 1", "10.2.0.12:80 1", "10.2.0.12:80 1")));
            List<Background> downloads = new ArrayList<>();
            for (int i = 0; i < DOWNLOADS; i++) {
                downloads.add(bed.slowDownload("download" + i, "10.1.0.100", STEPS, STEP_SIZE));
            }
            for (int i = 0; i < 2; i++) {
                downloads.add(bed.slowDownload("download" + (DOWNLOADS + i), "10.1.0.101", STEPS, STEP_SIZE));
            }
            Background idle = bed.start(
                    "c",
                    "idle",
                    "bash -c 'exec 3<>/dev/tcp/10.1.0.100/80; sleep 40; printf \"GET / HTTP/1.0\\r"
                            + "\\n"
                            + "\\r"
                            + "\\n"
                            + "\" >&3; cat <&3'");
            bed.until("thirteen connections", () -> active(bed) == DOWNLOADS + 3);

            Background returned = bed.web("r1", "81", "returned");
            bed.until("the sorry server is out of use", () -> bed.destinations().contains("10.2.0.11:81 1"));
            done(lvsd.ask("weight 10.1.0.100:80/tcp 10.2.0.12:80 5"));
            bed.until("the weight is 5", () -> bed.destinations().contains("10.2.0.12:80 5"));
            bed.write("lvsd.conf", config(false));
            lvsd.reload("event=config.loaded");
            bed.until(
                    "a removed server gets no more connections",
                    () -> !bed.destinations().contains("10.2.0.12:80 5"));
            Reply refused = lvsd.ask("drain 10.1.0.100:80/tcp 10.2.0.11:80");
            assertTrue(refused.status() != 0 && refused.body().contains("the last live server"), refused::body);
            done(lvsd.ask("drain 10.1.0.100:80/tcp 10.2.0.11:80 force"));
            bed.until("it is being drained", () -> bed.destinations().contains("10.2.0.11:80 0"));
            assertTrue(downloads.stream().allMatch(Background::isAlive), "all of it within the time of the downloads");
            assertTrue(returned.isAlive());

            for (int i = 0; i < downloads.size(); i++) {
                Background each = downloads.get(i);
                bed.until("download " + i + " ends", () -> !each.isAlive());
                assertEquals(0, downloads.get(i).await(), "download " + i);
                long size = Files.size(bed.file("download" + i));
                assertTrue(size > SIZE && size < SIZE + MOST_HEADERS, "download " + i + ": " + size);
            }
            assertEquals(0, idle.await());
            assertTrue(idle.log().contains("200 OK"), idle::log);
            bed.until(
                    "all removed servers have left the table",
                    () -> bed.destinations().equals(List.of("10.2.0.11:81 1")));
        }
    }

    /** Active connections of the whole table. */
    private static int active(Bed bed) {
        return bed.table()
                .lines()
                .map(String::strip)
                .filter(l -> l.startsWith("-> 10."))
                .mapToInt(l -> Integer.parseInt(l.split("\\s+")[4]))
                .sum();
    }
}
