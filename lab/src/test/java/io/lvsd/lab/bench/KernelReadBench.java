package io.lvsd.lab.bench;

import io.lvsd.bench.Recorder;
import io.lvsd.ipvs.ApplyResult;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.ffm.Libc;
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
import java.util.ArrayList;
import java.util.List;

/**
 * Axis kernel-read: CPU time, with the kernel's part, of a complete reading of a table in which nothing changed. It decides how
 * soon a change by another program is found.
 */
public final class KernelReadBench {
    private static final int[] SIZES = {1_000, 10_000, 37_200, 50_000};
    private static final int DESTINATIONS = 16;
    private static final int ROUNDS = Quick.QUICK ? 2 : 3;
    private static final int WARM_ROUNDS = Quick.QUICK ? 1 : 4;

    private final Recorder recorder = Recorder.of("kernel-read");
    private final KernelIpvs ipvs;

    private KernelReadBench(KernelIpvs ipvs) {
        this.ipvs = ipvs;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        for (int size : Quick.QUICK ? new int[] {SIZES[0]} : SIZES) {
            Progress.report("kernel-read: " + size + " destinations: creation of the table");
            Commands.emptyTable();
            try (KernelIpvs ipvs = new KernelIpvs()) {
                new KernelReadBench(ipvs).run(size);
            }
        }
        Commands.emptyTable();
    }

    private void run(int size) {
        create(size);
        List<ServiceKey> keys = ipvs.list();
        for (int round = 1 - WARM_ROUNDS; round <= ROUNDS; round++) {
            record("as a whole", size, round, cpu(ipvs::read));
            record("in parts", size, round, cpu(() -> {
                ipvs.list();
                keys.forEach(key -> ipvs.read(List.of(key)));
            }));
        }
    }

    private static double cpu(Runnable reading) {
        long start = Libc.threadCpuNanos();
        reading.run();
        return (Libc.threadCpuNanos() - start) / 1e6;
    }

    private void record(String how, int size, int round, double millis) {
        if (round > 0) {
            recorder.add(how, size, Recorder.thisBuild(), "ms", round, millis);
        }
    }

    private void create(int size) {
        List<IpvsCommand> commands = new ArrayList<>();
        for (int number = 0; number < size; number++) {
            ServiceKey key = new ServiceKey.AddressKey(Protocol.TCP, address(88, number / DESTINATIONS), 80);
            if (number % DESTINATIONS == 0) {
                commands.add(new IpvsCommand.NewService(IpvsService.of(key, "wlc")));
            }
            DestinationKey destination = new DestinationKey(address(77, number), 80);
            commands.add(new IpvsCommand.NewDest(key, IpvsDestination.of(destination, ForwardingMethod.MASQ, 1)));
        }
        if (!ipvs.apply(commands).stream().allMatch(ApplyResult::applied)) {
            throw new IllegalStateException("a command failed");
        }
    }

    private static InetAddress address(int second, int n) {
        return Addresses.of(AddressFamily.INET, new byte[] {10, (byte) second, (byte) (n / 250), (byte) (n % 250 + 1)});
    }
}
