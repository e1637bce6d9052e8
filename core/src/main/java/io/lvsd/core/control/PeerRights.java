package io.lvsd.core.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import jdk.net.UnixDomainPrincipal;

/** Access rights of the peer of a control connection, from the credentials that the kernel reports. */
enum PeerRights {
    NONE,
    READ,
    WRITE;

    private static final String ADMINS = "lvsd-admin";
    private static final String READERS = "lvsd";

    /** @throws IOException if the groups of this host cannot be read */
    static PeerRights of(UnixDomainPrincipal principal) throws IOException {
        String user = principal.user().getName();
        // Without a free descriptor, the user database cannot be read and the name is the number.
        if (user.equals("root")
                || user.equals("0")
                || user.equals(System.getProperty("user.name"))
                || inGroup(principal, ADMINS)) {
            return WRITE;
        }
        return inGroup(principal, READERS) ? READ : NONE;
    }

    private static boolean inGroup(UnixDomainPrincipal principal, String group) throws IOException {
        if (principal.group().getName().equals(group)) {
            return true;
        }
        for (String line : Files.readAllLines(Path.of("/etc/group"), StandardCharsets.UTF_8)) {
            String[] fields = line.split(":", -1);
            if (fields.length == 4 && fields[0].equals(group)) {
                return Arrays.asList(fields[3].split(","))
                        .contains(principal.user().getName());
            }
        }
        return false;
    }
}
