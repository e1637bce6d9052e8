package io.lvsd.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.IpNetwork;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.conf.value.MaintenanceConfig.Drain;
import io.lvsd.core.model.MaintenanceEntry;
import io.lvsd.core.model.MaintenanceEntry.State;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.StoredResult;
import io.lvsd.core.plan.Numbers;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StoreTest {
    private static final ServiceKey WEB =
            new ServiceKey.AddressKey(Protocol.TCP, Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, 1}), 80);
    private static final ServiceKey SIX =
            new ServiceKey.AddressKey(Protocol.UDP, Addresses.of(AddressFamily.INET6, new byte[16]), 53);
    private static final ServiceKey MARK = new ServiceKey.FwmarkKey(AddressFamily.INET6, 7);
    private static final DestinationKey REAL =
            new DestinationKey(Addresses.of(AddressFamily.INET6, new byte[16]), 8080);
    private static final CheckId CHECK = new CheckId(
            new VsId("10.0.0.1:80/tcp"),
            new RsId(IpAddresses.ofBytes(new byte[] {10, 0, 0, 2}), 80),
            "TCP_CHECK",
            "abc",
            0);

    private static final VsId VS = new VsId("group:web farm/tcp");
    private static final RowNumbers ROWS = new RowNumbers(
            Numbers.of(Map.of(WEB, 3, MARK, 1), Map.of(WEB, Map.of(REAL, 9))),
            Numbers.of(Map.of(VS, 2), Map.of(VS, Map.of("[::1]:80", 1, RowNumbers.SORRY, 2))));

    private static final StoredResult UP = new StoredResult(true, "", "boot-1", 1_234);
    private static final StoredResult DOWN = new StoredResult(false, "connect_refused", "boot-1", 4_321);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private void fill() throws Store.InUseException {
        try (Store store = Store.open(directory)) {
            store.own(Set.of(WEB, SIX, MARK));
            store.disown(Set.of(SIX));
            store.result(CHECK, UP);
            store.result(CHECK, DOWN);
            store.quorum(CHECK.vs(), new StoredResult(false, "", "", 7));
            store.quorum(new VsId("group:web farm/tcp"), UP);
            store.removeQuorum(new VsId("group:web farm/tcp"));
            store.heartbeat("boot-1", 5_000);
            store.rows(ROWS, 100);
        }
    }

    @Test
    void stateIsReadAfterARestart() throws Exception {
        fill();
        try (Store store = Store.open(directory)) {
            StoreState state = store.state();
            assertEquals(Set.of(WEB, MARK), state.owned());
            assertEquals(Map.of(CHECK.toString(), DOWN), state.results());
            assertEquals(ROWS, state.rows(150));
            assertEquals(Map.of(CHECK.vs().text(), new StoredResult(false, "", "", 7)), state.quorums());
            assertEquals(2_000, state.ageMillis("boot-1", 7_000));
            assertEquals(-1, state.ageMillis("boot-2", 7_000), "another boot");
        }
    }

    @Test
    void eachStartOfTheSnmpEngineIsCounted() throws Exception {
        try (Store store = Store.open(directory)) {
            assertEquals(new Store.SnmpEngine("80001f", 1), store.startSnmpEngine(Optional.empty(), () -> "80001f"));
        }
        try (Store store = Store.open(directory)) {
            assertEquals(new Store.SnmpEngine("80001f", 2), store.startSnmpEngine(Optional.empty(), () -> "other"));
            assertEquals(new Store.SnmpEngine("8000aa", 1), store.startSnmpEngine(Optional.of("8000aa"), () -> ""));
            assertEquals(3, boots(store, "80001f"));
        }
        try (Store store = Store.open(directory)) {
            assertEquals(2, boots(store, "8000aa"));
            assertEquals(4, boots(store, "80001f"), "also after another one");
            assertEquals(
                    "80001f", store.startSnmpEngine(Optional.empty(), () -> "").id(), "the last one");
        }
    }

    private static int boots(Store store, String id) throws IOException {
        return store.startSnmpEngine(Optional.of(id), () -> "").boots();
    }

    @Test
    void the16SnmpEnginesThatWereStartedLastAreKnown() throws Exception {
        try (Store store = Store.open(directory)) {
            assertEquals(1, boots(store, "8000aa"));
            assertEquals(1, boots(store, "8000bb"));
            for (int i = 10; i < 25; i++) {
                assertEquals(1, boots(store, "8000" + i));
            }
        }
        try (Store store = Store.open(directory)) {
            assertEquals(2, boots(store, "8000bb"));
            assertEquals(1, boots(store, "8000aa"));
        }
    }

    @Test
    void anSnmpEngineOfAnEarlierVersionIsCountedOn() throws Exception {
        String record = "snmp_engine 80001f 40";
        CRC32 crc = new CRC32();
        crc.update(record.getBytes(StandardCharsets.US_ASCII));
        Files.writeString(
                directory.resolve("store"),
                "lvsd-store 3\n" + HexFormat.of().toHexDigits(crc.getValue(), 8) + " " + record + "\n");
        try (Store store = Store.open(directory)) {
            assertEquals(41, boots(store, "80001f"));
        }
    }

    /** A directory that is not empty, in the place of the new file, simulates a full disk. */
    @Test
    void aStartOfAnSnmpEngineThatCannotBeStoredIsNotUsed() throws Exception {
        try (Store store = Store.open(directory)) {
            assertEquals(1, boots(store, "80001f"));
        }
        Path full = directory.resolve("store.new");
        Path occupied = full.resolve("occupied");
        Files.createDirectories(occupied);
        try (Store store = Store.open(directory)) {
            IOException refused = assertThrows(IOException.class, () -> boots(store, "80001f"));
            assertEquals(directory.resolve("store") + ": the directory is not empty", refused.getMessage());
            assertEquals(new Store.SnmpEngine("8000bb", 1), store.startSnmpEngine(Optional.empty(), () -> "8000bb"));
            Files.delete(occupied);
            Files.delete(full);
            assertEquals(4, boots(store, "80001f"), "the file is written as soon as that is possible");
        }
        try (Store store = Store.open(directory)) {
            assertEquals(5, boots(store, "80001f"));
        }
    }

    @Test
    void withoutADirectoryOnlyANewSnmpEngineStarts() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        try (Store store = Store.open(file.resolve("below"))) {
            IOException refused = assertThrows(IOException.class, () -> boots(store, "80001f"));
            assertTrue(
                    String.valueOf(refused.getMessage()).startsWith(file.resolve("below/store") + ": "),
                    refused::getMessage);
            assertEquals(new Store.SnmpEngine("8000aa", 1), store.startSnmpEngine(Optional.empty(), () -> "8000aa"));
        }
        try (Store store = Store.inMemory()) {
            assertEquals(1, boots(store, "80001f"), "a dry run");
        }
    }

    @Test
    void writesTogetherHaveTheirOrder() throws Exception {
        try (Store store = Store.open(directory)) {
            store.together(List.of(
                    s -> s.own(Set.of(WEB, MARK)),
                    s -> s.result(CHECK, UP),
                    s -> s.quorum(CHECK.vs(), UP),
                    s -> s.result(CHECK, DOWN),
                    s -> s.removeQuorum(CHECK.vs())));
            assertEquals(Map.of(CHECK.toString(), DOWN), store.state().results());
            store.disown(Set.of(MARK));
        }
        try (Store store = Store.open(directory)) {
            assertEquals(Set.of(WEB), store.state().owned());
            assertEquals(Map.of(CHECK.toString(), DOWN), store.state().results());
            assertEquals(Map.of(), store.state().quorums());
        }
    }

    @Test
    void aWriteThatFailsLosesNoneBeforeIt() throws Exception {
        try (Store store = Store.open(directory)) {
            assertThrows(
                    IllegalStateException.class,
                    () -> store.together(List.of(s -> s.result(CHECK, DOWN), _ -> {
                        throw new IllegalStateException("a defect");
                    })));
        }
        try (Store store = Store.open(directory)) {
            assertEquals(Map.of(CHECK.toString(), DOWN), store.state().results());
        }
    }

    /** As above. */
    @Test
    void aStoreThatCannotBeWrittenForAWhileLosesNothing() throws Exception {
        Path full = directory.resolve("store.new");
        Path occupied = full.resolve("occupied");
        Files.createDirectories(occupied);
        try (Store store = Store.open(directory)) {
            store.result(CHECK, UP);
            store.heartbeat("boot-1", 1_000);
            Files.delete(occupied);
            Files.delete(full);
            store.heartbeat("boot-1", 6_000);
            for (int i = 0; Files.size(directory.resolve("store")) < 4 << 20; i++) {
                store.result(new CheckId(CHECK.vs(), CHECK.rs(), "TCP_CHECK", "x" + i % 9, 0), i % 18 < 9 ? UP : DOWN);
                if (i == 0) {
                    Files.createDirectories(occupied);
                }
            }
            store.result(CHECK, DOWN);
            Files.delete(occupied);
            Files.delete(full);
            store.heartbeat("boot-1", 11_000);
        }
        try (Store store = Store.open(directory)) {
            assertEquals(10, store.state().results().size());
            assertEquals(DOWN, store.state().results().get(CHECK.toString()));
            assertEquals(1_000, store.state().ageMillis("boot-1", 12_000));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"group:web farm/tcp", "group:100%/tcp", "group:größe №1/tcp", "group:a+b%20c/udp/inet6"})
    void resultsAndOverridesPersistForAnyGroupName(String name) throws Exception {
        CheckId check = new CheckId(new VsId(name), CHECK.rs(), "TCP_CHECK", "abc", 0);
        CheckId other = new CheckId(new VsId(name), CHECK.rs(), "TCP_CHECK", "abc", 1);
        RsRef server = new RsRef(check.vs(), check.rs());
        RsOverride drained = new RsOverride(RsOverride.Mode.DRAINED, Optional.empty(), Optional.empty());
        for (int run = 0; run < 2; run++) {
            try (Store store = Store.open(directory)) {
                store.result(check, UP);
                store.result(other, DOWN);
                store.removeResult(other);
                store.override(server, drained);
            }
            try (Store store = Store.open(directory)) {
                assertEquals(Map.of(check.toString(), UP), store.state().results());
                assertEquals(Map.of(server, drained), store.state().overrides());
            }
        }
    }

    @Test
    void maintenanceIsReadAfterARestart() throws Exception {
        Instant since = Instant.parse("2027-03-01T05:00:00.123Z");
        MaintenanceConfig all = new MaintenanceConfig(
                "Zurück um 6 Uhr, = 100 % -",
                Optional.of(Instant.parse("2027-03-01T06:00:00Z")),
                List.of(
                        IpNetwork.parse("192.0.2.0/24").orElseThrow(),
                        IpNetwork.parse("2001:db8::1").orElseThrow()),
                Optional.of(new Drain(Optional.of(Duration.ofMillis(90_500)))));
        MaintenanceConfig unlimited =
                new MaintenanceConfig("", Optional.empty(), List.of(), Optional.of(new Drain(Optional.empty())));
        Map<VsId, MaintenanceEntry> entries = Map.of(
                CHECK.vs(),
                new MaintenanceEntry(State.COMMAND, all, since),
                new VsId("group:web farm/tcp"),
                new MaintenanceEntry(State.CONFIGURATION, unlimited, since),
                new VsId("fwmark:1"),
                new MaintenanceEntry(State.OVERRIDDEN, MaintenanceConfig.NONE, since));
        VsId gone = new VsId("fwmark:2");
        try (Store store = Store.open(directory)) {
            entries.forEach((vs, entry) -> store.maintenance(vs, Optional.of(entry)));
            store.maintenance(gone, Optional.of(new MaintenanceEntry(State.COMMAND, all, since)));
            store.maintenance(gone, Optional.empty());
        }
        for (int start = 0; start < 2; start++) {
            try (Store store = Store.open(directory)) {
                assertEquals(entries, store.state().maintenance());
            }
        }
    }

    @Test
    void theLongestMaintenanceIsReadAfterARestart() throws Exception {
        List<IpNetwork> networks = IntStream.range(0, MaintenanceConfig.MAX_ALLOW)
                .mapToObj(i -> IpNetwork.parse("2001:db8:1111:2222:3333:4444:5555:" + Integer.toHexString(0x6600 + i)))
                .map(Optional::orElseThrow)
                .toList();
        MaintenanceConfig settings = new MaintenanceConfig(
                "€".repeat(MaintenanceConfig.MAX_MESSAGE), Optional.empty(), networks, Optional.empty());
        MaintenanceEntry entry = new MaintenanceEntry(State.COMMAND, settings, Instant.EPOCH);
        try (Store store = Store.open(directory)) {
            store.maintenance(CHECK.vs(), Optional.of(entry));
        }
        try (Store store = Store.open(directory)) {
            assertEquals(Map.of(CHECK.vs(), entry), store.state().maintenance());
        }
    }

    @Test
    void aRowNumberThatWasNotUsedFor90DaysIsRemoved() throws Exception {
        fill();
        try (Store store = Store.open(directory)) {
            assertEquals(3, store.state().rows(190).table().of(WEB));
            assertEquals(0, store.state().rows(191).table().of(WEB));
        }
    }

    @Test
    void aRowThatIsInUseOnADayIsKeptFor90MoreDays() throws Exception {
        fill();
        RowNumbers used = new RowNumbers(
                Numbers.of(Map.of(WEB, 3), Map.of()), Numbers.of(Map.of(VS, 2), Map.of(VS, Map.of("[::1]:80", 1))));
        try (Store store = Store.open(directory)) {
            store.rowsUsed(used, 150);
            assertEquals(ROWS, store.state().rows(150), "nothing has expired");
            assertEquals(RowNumbers.NONE, store.state().expiredRows(190));
        }
        for (int start = 0; start < 2; start++) {
            try (Store store = Store.open(directory)) {
                assertEquals(used, store.state().rows(191));
                assertEquals(used, store.state().rows(240));
                assertEquals(RowNumbers.NONE, store.state().rows(241));
            }
        }
    }

    @Test
    void rowsThatAreNotInUseKeepTheirDayWhenOthersAreRecorded() throws Exception {
        fill();
        RowNumbers more = ROWS.withTable(Numbers.of(Map.of(WEB, 3, MARK, 4, SIX, 1), Map.of(WEB, Map.of(REAL, 9))));
        try (Store store = Store.open(directory)) {
            store.rows(more, 150);
            assertEquals(more, store.state().rows(150));
        }
        try (Store store = Store.open(directory)) {
            assertEquals(
                    new RowNumbers(Numbers.of(Map.of(SIX, 1), Map.of()), Numbers.none()),
                    store.state().rows(191));
        }
    }

    @Test
    void expiredRowsAreForgottenInMemoryAndInTheFile() throws Exception {
        fill();
        RowNumbers web = new RowNumbers(Numbers.of(Map.of(WEB, 3), Map.of()), Numbers.none());
        RowNumbers expired = new RowNumbers(
                Numbers.of(Map.of(MARK, 1), Map.of(WEB, Map.of(REAL, 9))), Numbers.of(Map.of(VS, 2), Map.of()));
        try (Store store = Store.open(directory)) {
            store.rowsUsed(web, 150);
            assertEquals(expired, store.state().expiredRows(191));
            store.rowsUsed(web, 191);
            assertEquals(RowNumbers.NONE, store.state().expiredRows(400).without(web, RowNumbers.NONE));
            assertEquals(web, store.state().rows(100), "whatever the day is");
            store.rows(new RowNumbers(Numbers.of(Map.of(WEB, 3, MARK, 7), Map.of()), Numbers.none()), 192);
        }
        for (int start = 0; start < 2; start++) {
            try (Store store = Store.open(directory)) {
                assertEquals(
                        new RowNumbers(Numbers.of(Map.of(WEB, 3, MARK, 7), Map.of()), Numbers.none()),
                        store.state().rows(100));
            }
        }
        String text = Files.readString(directory.resolve("store"));
        assertTrue(text.lines().noneMatch(line -> line.contains("real_row") || line.contains("forgotten")), text);
    }

    /** A host without a clock of its own starts in 1970. */
    @Test
    void aDayIsNotSetBack() throws Exception {
        fill();
        try (Store store = Store.open(directory)) {
            store.rowsUsed(ROWS, 0);
            store.rows(ROWS, 0);
        }
        try (Store store = Store.open(directory)) {
            assertEquals(ROWS, store.state().rows(190));
        }
    }

    @Test
    void anIncompleteLineIsIgnored() throws Exception {
        fill();
        Path file = directory.resolve("store");
        String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.length() - 7));
        try (Store store = Store.open(directory)) {
            assertEquals(Set.of(WEB, MARK), store.state().owned());
        }
    }

    @Test
    void aDamagedLineIsIgnored() throws Exception {
        fill();
        Path file = directory.resolve("store");
        Files.writeString(file, Files.readString(file).replace("owned fwmark:7", "owned fwmark:8"));
        try (Store store = Store.open(directory)) {
            assertEquals(Set.of(WEB), store.state().owned());
        }
    }

    @Test
    void aFileOfAnotherFormatIsMovedAside() throws Exception {
        Files.writeString(directory.resolve("store"), "something else\n");
        try (Store store = Store.open(directory)) {
            assertEquals(Set.of(), store.state().owned());
        }
        assertEquals("something else\n", Files.readString(directory.resolve("store.unreadable")));
    }

    @Test
    void theFileIsCompactedAtEachStart() throws Exception {
        try (Store store = Store.open(directory)) {
            for (int i = 0; i < 10_000; i++) {
                store.result(CHECK, i % 2 == 0 ? UP : DOWN);
            }
        }
        Store.open(directory).close();
        assertTrue(Files.size(directory.resolve("store")) < 500);
    }

    @Test
    void aSecondDaemonIsRefusedWithTheProcessIdOfTheFirst() throws Exception {
        try (Store first = Store.open(directory)) {
            assertEquals(Set.of(), first.state().owned());
            Store.InUseException e = assertThrows(Store.InUseException.class, () -> Store.open(directory));
            assertEquals(
                    "another lvsd uses " + directory + ": process "
                            + ProcessHandle.current().pid(),
                    e.getMessage());
        }
    }

    @Test
    void aDirectoryThatCannotBeCreatedLeavesAStoreInMemory() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        try (Store store = Store.open(file.resolve("below"))) {
            store.own(Set.of(WEB));
            assertEquals(Set.of(WEB), store.state().owned());
        }
        assertEquals(0, Files.size(file));
    }
}
