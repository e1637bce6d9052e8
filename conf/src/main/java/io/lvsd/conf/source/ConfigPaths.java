package io.lvsd.conf.source;

import java.nio.file.Path;

/** Where a configuration is read from. */
public final class ConfigPaths {
    /** Used when no file is named. */
    public static final Path DEFAULT_FILE = Path.of("/etc/lvsd/lvsd.conf");

    /** keepalived's configuration. */
    public static final Path KEEPALIVED_FILE = Path.of("/etc/keepalived/keepalived.conf");

    /** In place of a file: the configuration comes from standard input; includes are relative to the working directory. */
    public static final Path STANDARD_INPUT = Path.of("-");

    private ConfigPaths() {}
}
