package io.lvsd.lab.bench;

import io.lvsd.ipvs.ApplyResult;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.kernel.KernelIpvs;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Axis "commands": the same 250 services with 20 destinations each through our client and through {@code ipvsadm -R}. */
public final class CommandBench {
    private static final int SERVICES = 250;
    private static final int DESTINATIONS = 20;
    private static final int ROUNDS = 5;

    private CommandBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<IpvsCommand> commands = new ArrayList<>();
        List<IpvsCommand> removals = new ArrayList<>();
        StringBuilder rules = new StringBuilder();
        for (int s = 0; s < SERVICES; s++) {
            ServiceKey key = new ServiceKey.AddressKey(Protocol.TCP, address(88, s), 80);
            commands.add(new IpvsCommand.NewService(IpvsService.of(key, "rr")));
            removals.add(new IpvsCommand.DelService(key));
            String service = key.toString().replace("/tcp", "");
            rules.append("-A -t ").append(service).append(" -s rr\n");
            for (int d = 0; d < DESTINATIONS; d++) {
                DestinationKey destination = new DestinationKey(address(77, s * DESTINATIONS + d), 8000);
                commands.add(new IpvsCommand.NewDest(key, IpvsDestination.of(destination, ForwardingMethod.MASQ, 1)));
                rules.append("-a -t ")
                        .append(service)
                        .append(" -r ")
                        .append(destination)
                        .append(" -m -w 1\n");
            }
        }
        Path file = Files.writeString(Files.createTempFile("rules", ""), rules.toString(), StandardCharsets.US_ASCII);
        try (KernelIpvs ipvs = new KernelIpvs()) {
            for (int round = 1; round <= ROUNDS; round++) {
                double ours = ours(ipvs, commands, removals) / commands.size();
                double theirs = theirs(file) / commands.size();
                remove(ipvs, removals);
                System.out.printf(
                        Locale.ROOT,
                        "round %d: lvsd %.1f us a command, ipvsadm -R %.1f us a command, ratio %.1f%n",
                        round,
                        ours,
                        theirs,
                        theirs / ours);
            }
        }
    }

    private static double ours(KernelIpvs ipvs, List<IpvsCommand> commands, List<IpvsCommand> removals) {
        long start = System.nanoTime();
        boolean good = ipvs.apply(commands).stream().allMatch(ApplyResult::applied);
        double micros = (System.nanoTime() - start) / 1_000.0;
        if (!good) {
            throw new IllegalStateException("a command failed");
        }
        remove(ipvs, removals);
        return micros;
    }

    private static double theirs(Path rules) throws IOException, InterruptedException {
        long start = System.nanoTime();
        int status = new ProcessBuilder("ipvsadm", "-R")
                .inheritIO()
                .redirectInput(rules.toFile())
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException("ipvsadm -R: status " + status);
        }
        return (System.nanoTime() - start) / 1_000.0;
    }

    private static void remove(KernelIpvs ipvs, List<IpvsCommand> removals) {
        if (!ipvs.apply(removals).stream().allMatch(ApplyResult::applied)) {
            throw new IllegalStateException("the table could not be emptied");
        }
    }

    private static java.net.InetAddress address(int second, int n) {
        return Addresses.of(AddressFamily.INET, new byte[] {10, (byte) second, (byte) (n / 250), (byte) (n % 250 + 1)});
    }
}
