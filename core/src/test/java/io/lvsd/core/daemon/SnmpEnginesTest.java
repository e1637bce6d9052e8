package io.lvsd.core.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.core.loop.IpvsWriter;
import io.lvsd.core.loop.Telemetry;
import io.lvsd.core.store.Store;
import io.lvsd.ipvs.FakeIpvs;
import io.lvsd.snmp.SnmpObserver;
import io.lvsd.snmp.mib.SystemMib.Engine;
import io.lvsd.snmp.mib.SystemMib.Identity;
import io.lvsd.snmp.service.SnmpService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A configuration with SNMP takes effect only if the number of starts of its engine is stored. */
final class SnmpEnginesTest {
    private static final Optional<String> ID = Optional.of("8000123456");
    private static final DaemonConfig SENDS = ConfigLoader.loadPlain(
                    "lvsd {\n snmp {\n engine_id 0x8000123456\n sink udp:127.0.0.1:9 community c\n }\n}\n")
            .config();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private IpvsWriter writer() throws Store.InUseException {
        return new IpvsWriter(new FakeIpvs(), Store.open(directory), Optional.empty(), Telemetry.NONE);
    }

    @Test
    void eachStartHasTheNextNumber() throws Exception {
        try (IpvsWriter writer = writer()) {
            Engine first = new SnmpEngines(writer).start(ID);
            assertEquals("80:00:12:34:56", first.id().toHexString());
            assertEquals(1, first.boots());
            assertEquals(2, new SnmpEngines(writer).start(ID).boots());
        }
        try (IpvsWriter writer = writer()) {
            assertEquals(3, new SnmpEngines(writer).start(ID).boots());
        }
    }

    /** A directory that is not empty, in the place of the new file, simulates a full disk. */
    @Test
    void aConfigurationWhoseEngineCannotBeStoredIsRefused() throws Exception {
        Path full = directory.resolve("store.new");
        Path occupied = full.resolve("occupied");
        Files.createDirectories(occupied);
        List<String> events = new ArrayList<>();
        try (IpvsWriter writer = writer();
                SnmpService service = new SnmpService(
                        new Identity("1", "host"),
                        new SnmpSetupTest.NoViews(),
                        new SnmpEngines(writer),
                        file -> file.toString(),
                        SnmpObserver.NONE)) {
            SnmpSetup setup = new SnmpSetup(service, Optional.empty(), "host", event -> events.add(event.name()));
            IOException refused = assertThrows(IOException.class, () -> setup.prepare(SENDS));
            assertEquals(
                    "snmp: cannot store the number of starts of the SNMPv3 engine in " + directory.resolve("store")
                            + ": the directory is not empty; make it writable and provide disk space, or use another"
                            + " directory with --state-dir",
                    refused.getMessage());
            SnmpSetup dryRun =
                    new SnmpSetup(service, Optional.of(new DryRun()), "host", event -> events.add(event.name()));
            dryRun.prepare(ConfigLoader.loadPlain("lvsd {\n"
                                    + " snmp {\n"
                                    + " engine_id 0x8000123456\n"
                                    + " listen udp:127.0.0.1:1161\n"
                                    + " community c\n"
                                    + " }\n"
                                    + "}\n")
                            .config())
                    .commit();
            assertEquals(List.of("snmp.not_opened"), events);
            Files.delete(occupied);
            Files.delete(full);
            setup.prepare(SENDS).commit();
            assertTrue(new SnmpEngines(writer).start(ID).boots() > 1);
        }
    }
}
