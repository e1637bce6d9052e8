package io.lvsd.core.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A directory that only the daemon's user may write to. In any other, somebody else could plant a link in the place of a file
 * that the daemon writes.
 */
public final class PrivateDirectory {
    private PrivateDirectory() {}

    /**
     * Creates a directory with mode 0750, with the directories above it, if it does not exist.
     *
     * @throws IOException if it cannot be created, or if its group or others may write to it; the text says so
     */
    public static void create(Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
        if (permissions.contains(PosixFilePermission.OTHERS_WRITE)
                || permissions.contains(PosixFilePermission.GROUP_WRITE)) {
            throw new IOException("unsafe directory " + directory
                    + ": other users may write to it; name a directory that only the daemon's user may write to");
        }
    }

    /**
     * Gives a directory the first of several groups that exists on this host, so that its members may enter it. Without such a
     * group, or without the right to change it, the directory stays as it is.
     *
     * @return the group; empty if nothing was changed
     */
    public static Optional<String> giveToGroup(Path directory, List<String> groups) {
        for (String name : groups) {
            try {
                GroupPrincipal group = directory
                        .getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByGroupName(name);
                Files.getFileAttributeView(directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .setGroup(group);
                return Optional.of(name);
            } catch (UserPrincipalNotFoundException _) {
                // The next one may exist.
            } catch (IOException | UnsupportedOperationException _) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Writes a small file: a new one takes the place of the old one, and a link in its place is replaced, not followed. */
    public static void write(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        Files.writeString(
                next, text, StandardCharsets.US_ASCII, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
