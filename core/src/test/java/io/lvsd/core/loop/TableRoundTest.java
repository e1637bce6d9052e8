package io.lvsd.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.engine.Event;
import io.lvsd.core.engine.ReadScope;
import io.lvsd.ipvs.ApplyResult;
import io.lvsd.ipvs.IpvsClient;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.IpvsGlobals;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.MemoryIpvs;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.ipvs.netlink.NetlinkException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A large table is read in parts that together read each service once. */
final class TableRoundTest {
    private static final long MILLI = 1_000_000;
    private static final ReadScope NEXT = new ReadScope.Next(Set.of());

    /** A table whose listing can miss services, and that can fail. */
    private static final class Table implements IpvsClient {
        private final MemoryIpvs memory = new MemoryIpvs();
        private final List<String> calls = new ArrayList<>();
        private final Set<ServiceKey> unlisted = new HashSet<>();
        private boolean fails;

        @Override
        public IpvsSnapshot read() {
            calls.add("all");
            return memory.read();
        }

        @Override
        public IpvsGlobals globals() {
            return memory.globals();
        }

        @Override
        public List<ServiceKey> list() {
            calls.add("list");
            return memory.list().stream().filter(key -> !unlisted.contains(key)).toList();
        }

        @Override
        public SortedMap<ServiceKey, ServiceState> read(Collection<ServiceKey> keys) {
            if (fails) {
                throw new NetlinkException("broken");
            }
            keys.forEach(key -> calls.add(key.toString()));
            return memory.read(keys);
        }

        @Override
        public List<ApplyResult> apply(List<IpvsCommand> commands) {
            return memory.apply(commands);
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    private final Table table = new Table();
    private long cpu;
    private long step = 25 * MILLI;
    private final TableRound round = new TableRound(table, () -> cpu += step);

    private static ServiceKey service(int number) {
        return new ServiceKey.AddressKey(
                Protocol.TCP, Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, (byte) number}), 80);
    }

    private void add(int number, String scheduler) {
        table.apply(List.of(new IpvsCommand.NewService(IpvsService.of(service(number), scheduler))));
    }

    private void delete(int number) {
        table.apply(List.of(new IpvsCommand.DelService(service(number))));
    }

    private Event.KernelRead next() {
        table.calls.clear();
        return round.read(NEXT);
    }

    @BeforeEach
    void threeServices() {
        for (int number = 1; number <= 3; number++) {
            add(number, "rr");
        }
    }

    @Test
    void aSmallTableIsAlwaysReadAsAWhole() {
        step = MILLI;
        for (int i = 0; i < 3; i++) {
            Event.KernelRead reading = next();
            assertEquals(List.of("all"), table.calls);
            assertEquals(Optional.empty(), reading.part());
            assertTrue(reading.completes());
            assertEquals(MILLI, reading.cpuNanos());
            assertEquals(3, reading.table().services().size());
        }
    }

    @Test
    void theFirstReadingIsWholeAndTheNextOnesArePartsThatCompleteEachOther() {
        assertEquals(Optional.empty(), next().part());
        for (int cycle = 0; cycle < 2; cycle++) {
            List<ServiceKey> read = new ArrayList<>();
            for (int part = 1; part <= 3; part++) {
                Event.KernelRead reading = next();
                read.addAll(reading.part().orElseThrow());
                assertEquals(part == 3, reading.completes());
                assertEquals(part == 1, table.calls.contains("list"));
                assertEquals(3, reading.table().services().size());
            }
            assertEquals(table.memory.list(), read);
        }
    }

    @Test
    void aPartTakesOverItsServicesAndLeavesTheOthersAsTheyWere() {
        next();
        table.apply(List.of(new IpvsCommand.SetService(IpvsService.of(service(1), "wlc"))));
        table.apply(List.of(new IpvsCommand.SetService(IpvsService.of(service(3), "wlc"))));
        Event.KernelRead first = next();
        assertEquals(Set.of(service(1)), first.part().orElseThrow());
        assertEquals("wlc", scheduler(first, 1));
        assertEquals("rr", scheduler(first, 3));
        assertEquals("rr", scheduler(next(), 3));
        assertEquals("wlc", scheduler(next(), 3));
    }

    private static String scheduler(Event.KernelRead reading, int number) {
        return Objects.requireNonNull(reading.table().services().get(service(number)))
                .config()
                .scheduler();
    }

    @Test
    void aDeletedServiceIsFoundWhenItsTurnComesOrAfterAllOthers() {
        next();
        delete(1);
        assertEquals(Set.of(service(2)), next().part().orElseThrow());
        delete(3);
        Event.KernelRead third = next();
        assertEquals(Set.of(service(3)), third.part().orElseThrow());
        assertEquals(Set.of(service(1), service(2)), third.table().services().keySet());
        Event.KernelRead first = next();
        assertEquals(Set.of(service(1)), first.part().orElseThrow());
        assertEquals(Set.of(service(2)), first.table().services().keySet());
        assertTrue(first.completes());
    }

    @Test
    void aServiceThatWasChangedIsReadThoughItIsNeitherKnownNorListed() {
        next();
        List<ServiceKey> read = new ArrayList<>();
        for (int part = 0; part < 4; part++) {
            read.addAll(round.read(new ReadScope.Next(Set.of(service(2), service(7))))
                    .part()
                    .orElseThrow());
        }
        assertEquals(List.of(service(1), service(2), service(3), service(7)), read);
    }

    @Test
    void aServiceThatTheListingMissesIsNotTakenForDeleted() {
        next();
        table.unlisted.add(service(2));
        next();
        next();
        Event.KernelRead last = next();
        assertEquals(Set.of(service(2)), last.part().orElseThrow());
        assertTrue(last.table().services().containsKey(service(2)));
    }

    @Test
    void aServiceThatIsAddedMeanwhileIsReadInTheNextRound() {
        next();
        next();
        add(4, "rr");
        next();
        Event.KernelRead last = next();
        assertTrue(last.completes());
        assertFalse(last.table().services().containsKey(service(4)));
        for (int part = 0; part < 4; part++) {
            last = next();
        }
        assertTrue(last.completes());
        assertTrue(last.table().services().containsKey(service(4)));
    }

    @Test
    void requestedServicesAreReadInBetween() {
        next();
        next();
        table.apply(List.of(new IpvsCommand.SetService(IpvsService.of(service(1), "wlc"))));
        Event.KernelRead some = round.read(new ReadScope.Services(Set.of(service(1), service(9))));
        assertEquals(Set.of(service(1), service(9)), some.part().orElseThrow());
        assertFalse(some.completes());
        assertEquals("wlc", scheduler(some, 1));
        assertEquals(Set.of(service(2)), next().part().orElseThrow());
        Event.KernelRead none = round.read(new ReadScope.Services(Set.of()));
        assertEquals(Optional.of(Set.of()), none.part());
        assertEquals(3, none.table().services().size());
    }

    @Test
    void afterAFailureTheWholeTableIsRead() {
        next();
        next();
        table.fails = true;
        assertThrows(NetlinkException.class, this::next);
        table.fails = false;
        assertEquals(Optional.empty(), next().part());
        assertEquals(Optional.of(Set.of(service(1))), next().part());
    }

    @Test
    void aTableThatBecameSmallIsReadAsAWholeAgain() {
        next();
        next();
        step = MILLI;
        Event.KernelRead rest = next();
        assertEquals(Set.of(service(2), service(3)), rest.part().orElseThrow());
        assertTrue(rest.completes());
        assertEquals(Set.of(service(1), service(2), service(3)), next().part().orElseThrow());
        assertEquals(Optional.empty(), next().part());
    }

    @Test
    void unchangedServicesAreTheSameObjects() {
        var before = next().table().services();
        assertSame(before, next().table().services());
    }
}
