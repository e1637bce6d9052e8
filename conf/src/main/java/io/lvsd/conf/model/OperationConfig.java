package io.lvsd.conf.model;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Files by which the daemon is operated.
 *
 * @param reloadFile there while a configuration is read
 * @param reloadTimeFile contains the time of a reload
 * @param reloadRepeat whether that file is kept after the reload
 * @param stateDump file for dumps of the state, as configured: see {@link #stateDumpFile}
 */
public record OperationConfig(
        Optional<Path> reloadFile, Optional<Path> reloadTimeFile, boolean reloadRepeat, Optional<String> stateDump) {
    public static final OperationConfig NONE =
            new OperationConfig(Optional.empty(), Optional.empty(), false, Optional.empty());

    private static final String NAME = "keepalived.data";
    private static final String PART = "_check";

    /**
     * The file of a dump: that of keepalived's checkers.
     *
     * @param temporary directory of a name without one
     */
    public Path stateDumpFile(Path temporary) {
        String text = stateDump.orElse(NAME);
        Path path = temporary.resolve(text.endsWith("/") ? text + NAME : text);
        String name = path.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return path.resolveSibling(dot > 0 ? name.substring(0, dot) + PART + name.substring(dot) : name + PART);
    }
}
