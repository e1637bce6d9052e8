package io.lvsd.lab.guest;

import io.lvsd.ipvs.codec.IpvsUapi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Captures every netlink message in the director's namespace, whatever process sent it: tcpdump on an nlmon device. Reads the capture with
 * code of its own, so that it does not share a mistake with the client that it watches.
 */
final class Witness implements Bed.Part {
    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;
    private static final int LINK_HEADER = 16;
    private static final int CONTROL_FAMILY = 16;
    private static final Set<Integer> READS = Set.of(
            IpvsUapi.IPVS_CMD_GET_SERVICE,
            IpvsUapi.IPVS_CMD_GET_DEST,
            IpvsUapi.IPVS_CMD_GET_DAEMON,
            IpvsUapi.IPVS_CMD_GET_CONFIG,
            IpvsUapi.IPVS_CMD_GET_INFO);

    private final Bed bed;
    private final Path capture;
    private final Background tcpdump;

    Witness(Bed bed) {
        this.bed = bed;
        this.capture = bed.file("capture-" + System.nanoTime());
        this.tcpdump =
                bed.start("d", "tcpdump", "tcpdump -i nlmon0 -U -s 0 -Z root --immediate-mode -B 16384 -w " + capture);
        Bed.waitFor("tcpdump listens", () -> Files.exists(capture) && size() >= FILE_HEADER, tcpdump::log);
    }

    private long size() {
        try {
            return Files.size(capture);
        } catch (IOException e) {
            return 0;
        }
    }

    /**
     * An IPVS request.
     *
     * @param sender the port number that the sender wrote into the message; 0: none, as lvsd's
     */
    record Request(int sender, int command, boolean write) {}

    /** Stops watching and returns the IPVS writes that were seen, as command numbers in order. */
    List<Integer> writes() {
        return requests().stream().filter(Request::write).map(Request::command).toList();
    }

    /** Stops watching and returns the IPVS requests that were seen, in order. */
    List<Request> requests() {
        // ipvsadm requests the number of the family, which distinguishes IPVS messages from others.
        String _ = bed.table();
        tcpdump.signal("INT");
        int status = tcpdump.await();
        if (status != 0) {
            throw new AssertionError("tcpdump: " + tcpdump.log());
        }
        try {
            return requests(Files.readAllBytes(capture));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Request> requests(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<int[]> requests = new ArrayList<>();
        Set<Integer> families = new HashSet<>();
        int at = FILE_HEADER;
        while (at + RECORD_HEADER <= file.length) {
            int length = in.getInt(at + 8);
            int end = at + RECORD_HEADER + length;
            for (int m = at + RECORD_HEADER + LINK_HEADER; m + 20 <= end; ) {
                int size = in.getInt(m);
                if (size < 16) {
                    break;
                }
                int type = in.getShort(m + 4) & 0xffff;
                boolean request = (in.getShort(m + 6) & 1) != 0;
                if (type > CONTROL_FAMILY && request) {
                    requests.add(new int[] {type, in.get(m + 16), in.getInt(m + 12)});
                }
                if (type == CONTROL_FAMILY && !request) {
                    families.addAll(familyNumber(file, in, m, size));
                }
                m += (size + 3) & ~3;
            }
            at = end;
        }
        if (families.size() != 1) {
            throw new AssertionError("the capture does not name the IPVS family: " + families);
        }
        return requests.stream()
                .filter(r -> families.contains(r[0]))
                .map(r -> new Request(r[2], r[1], !READS.contains(r[1])))
                .toList();
    }

    /** From a reply of the control family: attribute 1 is the number, attribute 2 the name. */
    private static Set<Integer> familyNumber(byte[] file, ByteBuffer in, int message, int size) {
        int number = -1;
        boolean ipvs = false;
        for (int a = message + 20; a + 4 <= message + size; ) {
            int length = in.getShort(a) & 0xffff;
            if (length < 4) {
                break;
            }
            switch (in.getShort(a + 2)) {
                case 1 -> number = in.getShort(a + 4) & 0xffff;
                case 2 -> ipvs = new String(file, a + 4, length - 5, StandardCharsets.US_ASCII).equals("IPVS");
                default -> {}
            }
            a += (length + 3) & ~3;
        }
        return ipvs && number >= 0 ? Set.of(number) : Set.of();
    }

    @Override
    public void close() {
        tcpdump.close();
    }
}
