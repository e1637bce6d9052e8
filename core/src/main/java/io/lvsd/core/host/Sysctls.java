package io.lvsd.core.host;

import io.lvsd.conf.model.LvsdConfig;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.value.FailureProfile;
import io.lvsd.core.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kernel settings that the configuration requires. The original value is recorded in the store before the first change and
 * restored when the setting is no longer required, also after a crash and a restart.
 */
public final class Sysctls {
    private static final Logger LOG = LoggerFactory.getLogger(Sysctls.class);

    private final Path root;

    /** @param root /proc/sys */
    public Sysctls(Path root) {
        this.root = root;
    }

    /** The values that a configuration requires, by path below the root. */
    public static Map<String, String> wanted(LvsdConfig config) {
        Map<String, String> wanted = new TreeMap<>();
        config.acceptLocal().forEach(i -> wanted.put("net/ipv4/conf/" + i + "/accept_local", "1"));
        config.failureProfile().ifPresent(profile -> {
            String expire = profile == FailureProfile.FAST_FAIL ? "1" : "0";
            wanted.put("net/ipv4/vs/expire_nodest_conn", expire);
            wanted.put("net/ipv4/vs/expire_quiescent_template", expire);
            wanted.put("net/ipv4/vs/conn_reuse_mode", "1");
        });
        return wanted;
    }

    /** Sets the wanted values and restores settings that are no longer wanted. */
    public void apply(Map<String, String> wanted, Store store) {
        store.state().sysctls().forEach((path, original) -> {
            if (!wanted.containsKey(path)) {
                restore(path, original, store);
            }
        });
        wanted.forEach((path, value) -> {
            try {
                String now = read(path);
                if (!now.equals(value)) {
                    if (!store.state().sysctls().containsKey(path)) {
                        store.sysctl(path, now);
                    }
                    Files.writeString(root.resolve(path), value);
                    LOG.atInfo()
                            .addKeyValue("path", path)
                            .addKeyValue("from", now)
                            .addKeyValue("to", read(path))
                            .log("sysctl.set");
                }
            } catch (IOException e) {
                LOG.atError()
                        .addKeyValue("path", path)
                        .addKeyValue("value", value)
                        .addKeyValue("reason", reason(e))
                        .log("sysctl.failed");
            }
        });
    }

    private void restore(String path, String original, Store store) {
        try {
            if (Files.exists(root.resolve(path))) {
                Files.writeString(root.resolve(path), original);
                LOG.atInfo()
                        .addKeyValue("path", path)
                        .addKeyValue("to", original)
                        .log("sysctl.restored");
            }
            store.sysctlRestored(path);
        } catch (IOException e) {
            LOG.atError()
                    .addKeyValue("path", path)
                    .addKeyValue("value", original)
                    .addKeyValue("reason", reason(e))
                    .log("sysctl.failed");
        }
    }

    private String read(String path) throws IOException {
        return Files.readString(root.resolve(path)).strip();
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.NoSuchFileException
                ? "the interface or setting does not exist; reload when it exists"
                : IoReason.withFile(e);
    }
}
