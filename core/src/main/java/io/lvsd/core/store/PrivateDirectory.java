package io.lvsd.core.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A directory that only the daemon's user may write to. In any other directory, another user could replace a file that the
 * daemon writes by a link.
 */
public final class PrivateDirectory {
    private PrivateDirectory() {}

    /**
     * Creates a directory with mode 0750, with the directories above it, if it does not exist.
     *
     * @throws IOException if it cannot be created, or if its group or other users may write to it
     */
    public static void create(Path directory) throws IOException {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        } catch (FileAlreadyExistsException e) {
            throw new NotDirectoryException(e.getFile());
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
        if (permissions.contains(PosixFilePermission.OTHERS_WRITE)
                || permissions.contains(PosixFilePermission.GROUP_WRITE)) {
            throw new IOException("unsafe directory " + directory
                    + ": other users may write to it; expected a directory that only the daemon's user may write to");
        }
    }

    /**
     * Changes the group of a directory to the first of several groups that exists on this host, so that its members may enter
     * it. A directory has one group: if a second one exists, all users may enter the directory, but not list it, so that the
     * members of both groups have access to their files. Without such a group, or without permission, the directory is not
     * changed.
     *
     * @return the new group; empty if nothing was changed
     */
    public static Optional<String> giveToGroups(Path directory, List<String> names) {
        List<GroupPrincipal> groups = new ArrayList<>();
        try {
            for (String name : names) {
                group(directory, name).ifPresent(groups::add);
            }
            if (groups.isEmpty()) {
                return Optional.empty();
            }
            PosixFileAttributeView view =
                    Files.getFileAttributeView(directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            view.setGroup(groups.getFirst());
            if (groups.size() > 1) {
                Set<PosixFilePermission> permissions =
                        EnumSet.copyOf(view.readAttributes().permissions());
                permissions.add(PosixFilePermission.OTHERS_EXECUTE);
                view.setPermissions(permissions);
            }
            return Optional.of(groups.getFirst().getName());
        } catch (IOException | UnsupportedOperationException _) {
            return Optional.empty();
        }
    }

    private static Optional<GroupPrincipal> group(Path directory, String name) throws IOException {
        try {
            return Optional.of(
                    directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(name));
        } catch (UserPrincipalNotFoundException _) {
            return Optional.empty();
        }
    }

    /** Replaces a small file by a new one. A symbolic link is replaced, not followed. */
    public static void write(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        Files.writeString(
                next, text, StandardCharsets.US_ASCII, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
