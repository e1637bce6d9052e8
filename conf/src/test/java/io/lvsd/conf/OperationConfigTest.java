package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.conf.model.OperationConfig;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files by which the daemon is operated, as they are written. */
final class OperationConfigTest {
    private static OperationConfig of(String globals) {
        return ConfigLoader.loadPlain("global_defs {\n" + globals + "\n}\n")
                .config()
                .operation();
    }

    @ParameterizedTest
    @CsvSource({
        "/var/log/state.txt, /var/log/state_check.txt",
        "/var/log/, /var/log/keepalived_check.data",
        "state.dump, /tmp/state_check.dump",
        "/a.b/state, /a.b/state_check",
        "/a/.state, /a/.state_check"
    })
    void aDumpIsTheCheckersPart(String written, String file) {
        assertEquals(Path.of(file), of("state_dump_file " + written).stateDumpFile(Path.of("/tmp")));
    }

    @Test
    void withoutAWordItIsWhereKeepalivedWritesIt() {
        assertEquals(Path.of("/tmp/keepalived_check.data"), of("").stateDumpFile(Path.of("/tmp")));
    }

    @Test
    void filesOfAReload() {
        assertEquals(
                new OperationConfig(
                        Optional.of(Path.of("/run/keepalived.reload")),
                        Optional.of(Path.of("/run/when")),
                        true,
                        Optional.empty()),
                of("reload_file\nreload_time_file /run/when\nreload_repeat"));
        assertEquals(Optional.of(Path.of("/run/x")), of("reload_file /run/x").reloadFile());
        assertEquals(Optional.empty(), of("reload_time_file when").reloadTimeFile());
    }

    @Test
    void besideKeepalivedsVrrpItsFilesAreItsOwn() {
        OperationConfig beside = ConfigLoader.loadPlain(
                        "global_defs {\nreload_file\nreload_time_file /run/when\n}\nvrrp_instance a {\n}\n")
                .config()
                .operation();
        assertEquals(
                new OperationConfig(Optional.empty(), Optional.of(Path.of("/run/when")), true, Optional.empty()),
                beside);
    }
}
