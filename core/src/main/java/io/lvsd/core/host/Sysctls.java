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
 * Settings of the kernel that the configuration asks for. What is found is noted in the store before the first change, and
 * put back when the setting is no longer asked for, be it years and crashes later.
 */
public final class Sysctls {
    private static final Logger LOG = LoggerFactory.getLogger(Sysctls.class);

    private final Path root;

    /** @param root /proc/sys */
    public Sysctls(Path root) {
        this.root = root;
    }

    /** What a configuration asks for: values by their path below the root. */
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

    /** Sets what is wanted and puts back what is no longer. */
    public void apply(Map<String, String> wanted, Store store) {
        store.contents().sysctls().forEach((path, found) -> {
            if (!wanted.containsKey(path)) {
                putBack(path, found, store);
            }
        });
        wanted.forEach((path, value) -> {
            try {
                String now = read(path);
                if (!now.equals(value)) {
                    if (!store.contents().sysctls().containsKey(path)) {
                        store.sysctl(path, now);
                    }
                    Files.writeString(root.resolve(path), value);
                    LOG.info("event=sysctl.set path={} from={} to={}", path, now, read(path));
                }
            } catch (IOException e) {
                LOG.error("event=sysctl.failed path={} value={} reason=\"{}\"", path, value, reason(e));
            }
        });
    }

    private void putBack(String path, String found, Store store) {
        try {
            if (Files.exists(root.resolve(path))) {
                Files.writeString(root.resolve(path), found);
                LOG.info("event=sysctl.restored path={} to={}", path, found);
            }
            store.sysctlRestored(path);
        } catch (IOException e) {
            LOG.error("event=sysctl.failed path={} value={} reason=\"{}\"", path, found, reason(e));
        }
    }

    private String read(String path) throws IOException {
        return Files.readString(root.resolve(path)).strip();
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.NoSuchFileException
                ? "there is no such interface or setting; reload when there is"
                : IoReason.withFile(e);
    }
}
