package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.control.ControlClient;
import io.lvsd.lab.servers.DebianServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** BFD with BIRD, over IPv4 and IPv6, and ping, between two network namespaces. Needs root. */
@Execution(ExecutionMode.CONCURRENT)
final class BfdIT {
    private static final String CONFIG = """
        lvsd {
          driver embedded
        }
        bfd_instance four {
          neighbor_ip 10.9.0.2
          min_rx 100
          min_tx 100
        }
        bfd_instance six {
          neighbor_ip fd09::2
          source_ip fd09::1
          min_rx 100
          min_tx 100
        }
        virtual_server 127.0.0.1 8080 {
          delay_loop 1
          retry 1
          lvs_sched rr
          lvs_method NAT
          protocol TCP
          real_server 10.9.0.2 80 {
            BFD_CHECK {
              name four
            }
          }
          real_server 10.9.0.4 80 {
            BFD_CHECK {
              name six
            }
          }
          real_server 10.9.0.3 80 {
            PING_CHECK {
              connect_timeout 1
              delay_before_retry 0.2
            }
          }
        }
        """;

    /** The neighbour is stopped, the sessions come up again, and the pause no longer has an effect. */
    private static final long STOP_AND_GRACE_MILLIS = 11_000;

    @TempDir
    private Path directory;

    private String status() {
        try {
            return ControlClient.request(directory.resolve("run/lvsd.sock"), "status")
                    .body();
        } catch (IOException e) {
            return "";
        }
    }

    private String log() throws IOException {
        return Files.exists(directory.resolve("log")) ? Files.readString(directory.resolve("log")) : "";
    }

    private void await(String what, Predicate<String> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.test(status())) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError(
                        what + "\n" + status() + log() + DebianServer.tail(directory.resolve("bird.log")));
            }
            Thread.sleep(100);
        }
    }

    private static Predicate<String> states(String four, String six, String ping) {
        return s -> s.contains("10.9.0.2:80  " + four + " ")
                && s.contains("10.9.0.4:80  " + six + " ")
                && s.contains("10.9.0.3:80  " + ping + " ");
    }

    @Test
    void sessionsComeUpGoDownWithTheirNeighbourAndTakeNothingFromAfar() throws Exception {
        Path root = DebianServer.root();
        Files.writeString(directory.resolve("lvsd.conf"), CONFIG);
        Process bed = new ProcessBuilder("unshare", "-n", "lab/bin/bfd-bed", root.toString(), directory.toString())
                .directory(Path.of("..").toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("bed.log").toFile())
                .start();
        try (PrintStream commands = new PrintStream(bed.getOutputStream(), true, StandardCharsets.UTF_8)) {
            await("no BFD session yet", states("down", "down", "up"));
            commands.println("bird");
            await("both sessions are up", states("up", "up", "up"));
            commands.println("kill");
            await("both are down", states("down", "down", "up"));
            commands.println("bird");
            await("both are up again", states("up", "up", "up"));
            long before = log().lines()
                    .filter(l -> l.matches(".* event=(rs|check)\\.down .*"))
                    .count();
            commands.println("stop");
            Thread.sleep(STOP_AND_GRACE_MILLIS);
            await("both have come up again after a pause", states("up", "up", "up"));
            for (int i = 0; i < 20; i++) {
                commands.println("spoof");
            }
            commands.println("mute");
            await("the address that ping asks is gone", states("up", "up", "down"));
            commands.println("unmute");
            await("and back", states("up", "up", "up"));
            assertEquals(
                    before + 1,
                    log().lines()
                            .filter(l -> l.matches(".* event=(rs|check)\\.down .*"))
                            .count(),
                    "no session went down for this host's own pause, or for packets that came from afar");
        } finally {
            assertTrue(bed.waitFor(30, TimeUnit.SECONDS), "the bed ends with its input");
        }
    }
}
