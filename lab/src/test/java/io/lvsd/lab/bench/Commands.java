package io.lvsd.lab.bench;

import java.io.IOException;
import java.util.stream.Stream;

/** Commands of the system. */
final class Commands {
    private static final int ATTEMPTS = 5;

    private Commands() {}

    /** Runs a command, whose output is that of this process. */
    static void run(String... command) throws IOException, InterruptedException {
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException("'" + String.join(" ", command) + "' ends with status " + status);
        }
    }

    /**
     * Deletes the table by loading IPVS again. The kernel keeps deleted real servers for two minutes, and each command that adds one
     * searches them: after {@code ipvsadm -C}, a second table of the same size is several times slower than the first one.
     */
    static void emptyTable() throws IOException, InterruptedException {
        run("ipvsadm", "-C");
        // With the schedulers, which depend on it.
        removeModules();
        run("modprobe", "-a", "ip_vs_rr", "ip_vs_wlc");
    }

    /** A table that was just deleted uses them for a moment. */
    private static void removeModules() throws IOException, InterruptedException {
        for (int attempt = 1; true; attempt++) {
            try {
                run("modprobe", "-r", "ip_vs_rr", "ip_vs_wlc", "ip_vs");
                return;
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw new IOException("IPVS is in use: delete the tables of all network namespaces", e);
                }
                Thread.sleep(1_000);
            }
        }
    }

    /**
     * Creates a network namespace with loopback.
     *
     * @return the beginning of a command in it
     */
    static String[] networkSpace(String name) throws IOException, InterruptedException {
        run("ip", "netns", "add", name);
        run("ip", "-n", name, "link", "set", "lo", "up");
        return new String[] {"ip", "netns", "exec", name};
    }

    /** A command after others that start it, such as {@code ip netns exec}. */
    static String[] after(String[] before, String... command) {
        return Stream.concat(Stream.of(before), Stream.of(command)).toArray(String[]::new);
    }
}
