package io.lvsd.core.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/** What the peer of a control connection may do, by its credentials: the kernel's word, not the peer's. */
enum PeerRights {
    NOTHING,
    READ,
    WRITE;

    private static final String ADMINS = "lvsd-admin";
    private static final String READERS = "lvsd";

    static PeerRights of(SocketChannel peer) {
        try {
            UnixDomainPrincipal who = peer.getOption(ExtendedSocketOptions.SO_PEERCRED);
            String user = who.user().getName();
            // Without a descriptor for the file of users there is only the number.
            if (user.equals("root")
                    || user.equals("0")
                    || user.equals(System.getProperty("user.name"))
                    || inGroup(who, ADMINS)) {
                return WRITE;
            }
            return inGroup(who, READERS) ? READ : NOTHING;
        } catch (IOException | UnsupportedOperationException e) {
            return NOTHING;
        }
    }

    private static boolean inGroup(UnixDomainPrincipal who, String group) throws IOException {
        if (who.group().getName().equals(group)) {
            return true;
        }
        for (String line : Files.readAllLines(Path.of("/etc/group"), StandardCharsets.UTF_8)) {
            String[] fields = line.split(":", -1);
            if (fields.length == 4 && fields[0].equals(group)) {
                return Arrays.asList(fields[3].split(",")).contains(who.user().getName());
            }
        }
        return false;
    }
}
