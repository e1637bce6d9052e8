package io.lvsd.lab.bench;

import io.lvsd.bench.Recorder;
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
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Axis commands: services with 20 destinations each, created through lvsd's client, through {@code ipvsadm -R} and by a C program
 * that sends many commands with one system call (batch.c), by turns in one guest.
 */
public final class CommandBench {
    /** The largest first: a daemon that runs has sent many commands, and Java has compiled that code. */
    private static final int[] SIZES = {37_200, 10_000, 1_000, 100};

    private static final int DESTINATIONS = 20;
    private static final int ROUNDS = Quick.QUICK ? 2 : 3;
    private static final int WARM_ROUNDS = Quick.QUICK ? 0 : 2;

    private final Recorder recorder = Recorder.of("commands");
    private final int size;
    private final List<IpvsCommand> commands = new ArrayList<>();
    private final StringBuilder rules = new StringBuilder();

    private CommandBench(int size) {
        this.size = size;
        for (int s = 0; s < size / DESTINATIONS; s++) {
            service(s);
        }
    }

    /** @param arguments the compiled C program */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        for (int size : Quick.QUICK ? new int[] {1_000, 100} : SIZES) {
            new CommandBench(size).run(arguments[0]);
        }
    }

    private void service(int number) {
        ServiceKey key = new ServiceKey.AddressKey(Protocol.TCP, address(88, number), 80);
        commands.add(new IpvsCommand.NewService(IpvsService.of(key, "rr")));
        String service = key.toString().replace("/tcp", "");
        rules.append("-A -t ").append(service).append(" -s rr\n");
        for (int d = 0; d < DESTINATIONS; d++) {
            DestinationKey destination = new DestinationKey(address(77, number * DESTINATIONS + d), 8000);
            commands.add(new IpvsCommand.NewDest(key, IpvsDestination.of(destination, ForwardingMethod.MASQ, 1)));
            rules.append("-a -t ").append(service).append(" -r ").append(destination);
            rules.append(" -m -w 1\n");
        }
    }

    private void run(String batch) throws IOException, InterruptedException {
        Path file = Files.writeString(Files.createTempFile("rules", ""), rules.toString(), StandardCharsets.US_ASCII);
        for (int round = 1 - WARM_ROUNDS; round <= ROUNDS; round++) {
            Commands.emptyTable();
            record(Recorder.thisBuild(), round, client());
            if (Recorder.thisBuild().equals(Recorder.LVSD) && round > 0) {
                Commands.emptyTable();
                record("ipvsadm", round, ipvsadm(file));
                Commands.emptyTable();
                record("batch", round, batch(batch));
            }
        }
        Commands.emptyTable();
    }

    private void record(String subject, int round, double seconds) {
        if (round > 0) {
            recorder.add("create a table", size, subject, "commands/s", round, commands.size() / seconds);
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private double client() {
        // A former one has a connection to a module that has been removed.
        try (KernelIpvs ipvs = new KernelIpvs()) {
            ipvs.list();
            long start = System.nanoTime();
            List<ApplyResult> results = ipvs.apply(commands);
            double seconds = seconds(start);
            if (!results.stream().allMatch(ApplyResult::applied)) {
                throw new IllegalStateException("a command failed");
            }
            return seconds;
        }
    }

    private static double ipvsadm(Path rules) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("ipvsadm", "-R").inheritIO().redirectInput(rules.toFile());
        long start = System.nanoTime();
        int status = builder.start().waitFor();
        double seconds = seconds(start);
        if (status != 0) {
            throw new IOException("ipvsadm -R ends with " + status);
        }
        return seconds;
    }

    /** Returns the seconds that the program measured, without its start. */
    private double batch(String program) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(program, String.valueOf(size / DESTINATIONS), String.valueOf(DESTINATIONS))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        int status = process.waitFor();
        if (status != 0) {
            throw new IOException(program + " ends with " + status);
        }
        return Double.parseDouble(out.strip());
    }

    private static InetAddress address(int second, int n) {
        return Addresses.of(AddressFamily.INET, new byte[] {10, (byte) second, (byte) (n / 250), (byte) (n % 250 + 1)});
    }
}
