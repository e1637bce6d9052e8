package io.lvsd.snmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.lvsd.snmp.mib.MibTree;
import io.lvsd.snmp.mib.SampleTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.snmp4j.smi.OID;

final class WalksTest {
    private static final OID FIRST = new OID("1.3.6.1.1");
    private static final OID SECOND = new OID("1.3.6.1.2");

    private final Walks walks = new Walks();
    private final MibTree old = SampleTree.of(1, 1);
    private final MibTree current = SampleTree.of(1, 1);

    @Test
    void aWalkContinuesWithItsTreeAndAnotherOneBeginsWithThePresentOne() {
        walks.ended("a", FIRST, old, 0);
        assertSame(old, walks.tree("a", FIRST, current, 1));
        assertSame(current, walks.tree("b", FIRST, current, 1), "another client");
        assertSame(current, walks.tree("a", SECOND, current, 1), "not the end of a response");
    }

    @Test
    void aPauseOfMinutesEndsAWalk() {
        walks.ended("a", FIRST, old, 0);
        assertSame(old, walks.tree("a", FIRST, current, Duration.ofSeconds(59).toNanos()));
        assertSame(
                current, walks.tree("a", FIRST, current, Duration.ofSeconds(61).toNanos()));
    }

    @Test
    void theNumberOfOldTreesIsLimited() {
        List<MibTree> trees = new ArrayList<>();
        for (int i = 0; i <= Walks.MAX_TREES; i++) {
            trees.add(SampleTree.of(1, 1));
            walks.ended("client " + i, FIRST, trees.get(i), 0);
        }
        assertSame(current, walks.tree("client 0", FIRST, current, 1), "the oldest one");
        assertSame(trees.get(1), walks.tree("client 1", FIRST, current, 1));
    }

    @Test
    void aTreeIsKeptAsLongAsAResponseThatWasMadeFromIt() {
        long minute = Duration.ofSeconds(60).toNanos();
        walks.ended("a", FIRST, old, 0);
        walks.ended("b", FIRST, current, 5);
        walks.ended("a", SECOND, old, 10);
        walks.expire(minute);
        assertEquals(2, walks.size());
        walks.expire(minute + 5);
        assertEquals(1, walks.size());
        assertSame(old, walks.tree("a", SECOND, current, minute + 9));
        walks.expire(minute + 10);
        assertEquals(0, walks.size());
    }

    @Test
    void aResponseThatIsRepeatedKeepsItsTree() {
        walks.ended("a", FIRST, old, 0);
        walks.ended("a", FIRST, old, 1);
        assertSame(old, walks.tree("a", FIRST, current, 2));
        walks.ended("a", FIRST, current, 3);
        assertEquals(1, walks.size(), "only the present one is used");
        assertSame(current, walks.tree("a", FIRST, old, 4));
    }

    @Test
    void aWalkThatGoesOnKeepsItsTree() {
        walks.ended("slow", FIRST, old, 0);
        for (int i = 0; i < 3 * Walks.MAX_TREES; i++) {
            walks.ended("other", new OID(new int[] {1, i}), SampleTree.of(1, 1), i);
            assertSame(old, walks.tree("slow", FIRST, current, i));
            walks.ended("slow", FIRST, old, i);
        }
    }
}
