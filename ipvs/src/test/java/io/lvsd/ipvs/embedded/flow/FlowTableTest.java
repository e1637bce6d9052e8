package io.lvsd.ipvs.embedded.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who has to go, when, and that it is counted. Flows are named; the first letter is their source. */
final class FlowTableTest {
    private final FlowTable table = new FlowTable(4, 3);
    private final List<String> ended = new ArrayList<>();

    private final class Named implements Flow {
        private final String name;
        private long second;

        Named(String name, long second) {
            this.name = name;
            this.second = second;
        }

        @Override
        public InetAddress source() {
            return Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, (byte) name.charAt(0)});
        }

        @Override
        public long lastSecond() {
            return second;
        }

        @Override
        public void end() {
            ended.add(name);
            table.remove(this);
        }
    }

    private Named add(String name, long second) {
        Named flow = new Named(name, second);
        table.add(flow);
        return flow;
    }

    private void touch(Named flow, long second) {
        flow.second = second;
        table.touch(flow);
    }

    @Test
    void aSourceAtItsLimitLosesItsOwnLongestIdleFlow() {
        add("b1", 0);
        Named a1 = add("a1", 1);
        add("a2", 2);
        add("a3", 3);
        touch(a1, 4);
        add("a4", 5);
        assertEquals(List.of("a2"), ended);
        assertEquals(4, table.size());
        assertEquals(1, table.evicted());
    }

    @Test
    void aFullTableLosesTheLongestIdleFlowOfAll() {
        Named b1 = add("b1", 0);
        Named c1 = add("c1", 1);
        add("a1", 2);
        add("a2", 3);
        touch(b1, 4);
        table.closing(c1);
        add("d1", 5);
        add("e1", 6);
        assertEquals(List.of("c1", "a1"), ended);
        assertEquals(2, table.evicted());
    }

    @Test
    void idleFlowsEndAfterTheirTimeoutAndClosingOnesAfterAnother() {
        Named a1 = add("a1", 0);
        Named a2 = add("a2", 0);
        add("b1", 0);
        table.closing(a2);
        table.expire(120, 900, 120);
        assertEquals(List.of(), ended);
        table.expire(121, 900, 120);
        assertEquals(List.of("a2"), ended);
        touch(a1, 500);
        table.expire(900, 900, 120);
        assertEquals(List.of("a2"), ended);
        table.expire(901, 900, 120);
        assertEquals(List.of("a2", "b1"), ended);
        assertEquals(2, table.expired());
        assertEquals(0, table.evicted());
        assertEquals(1, table.size());
    }

    @Test
    void roomIsMadeOnRequestAndACloseEndsAll() {
        assertFalse(table.evictOne());
        add("a1", 1);
        add("b1", 2);
        assertEquals(true, table.evictOne());
        assertEquals(List.of("a1"), ended, "the one that was touched first");
        table.close();
        assertEquals(List.of("a1", "b1"), ended);
        assertEquals(0, table.size());
    }
}
