package io.lvsd.core.engine;

import static io.lvsd.core.engine.World.rs;
import static io.lvsd.core.engine.World.vs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.model.RsOverride;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reload guard is skipped only for reloads that it cannot refuse. */
final class WeightChangesTest {
    private static final String A = "10.0.1.1:80";
    private static final String B = "10.0.1.2:80";
    private static final String CONFIG = vs("quorum 2", rs(A, "weight 2"), rs(B, "weight 2"));

    private final World world = new World().start(CONFIG);

    private boolean areAll(String next) {
        return WeightChanges.areAll(world.state, World.config(next));
    }

    @ParameterizedTest
    @CsvSource({
        "weight 2, weight 3, true",
        "weight 2, weight 0, false",
        "weight 2, weight 1, true",
        "quorum 2, quorum 3, false",
        "lvs_sched rr, lvs_sched wrr, false",
        "retry 1, retry 2, false",
        "10.0.1.2, 10.0.1.3, false",
        "10.0.0.1, 10.0.0.2, false",
        "weight 2, weight 2 inhibit_on_failure, false",
    })
    void onlyAnotherWeightThatKeepsTheQuorum(String old, String other, boolean expected) {
        assertEquals(expected, areAll(CONFIG.replaceFirst(old, other.replace(" inhibit", "\n inhibit"))));
    }

    @Test
    void aServerMoreOrLessIsNoChangeOfAWeight() {
        assertFalse(areAll(vs("quorum 2", rs(A, "weight 3"))));
        assertFalse(areAll(vs("quorum 2", rs(A, "weight 2"), rs(B, "weight 2"), rs("10.0.1.3:80", ""))));
        assertFalse(areAll(CONFIG + CONFIG.replace("10.0.0.1", "10.0.0.2")));
    }

    @Test
    void whetherTheQuorumChangesDependsOnTheStateOfTheServers() {
        String lower = CONFIG.replaceFirst("weight 2", "weight 1");
        assertTrue(areAll(lower));
        world.fails(B);
        assertFalse(areAll(lower), "the quorum would be lost");
        assertTrue(areAll(CONFIG.replaceFirst("weight 2", "weight 3")));
        world.reload(lower);
        assertTrue(areAll(CONFIG.replace("weight 2", "weight 1")), "it is lost before and after");
        assertFalse(areAll(CONFIG), "it would be regained");
    }

    @Test
    void anOverriddenWeightCountsAsItIs() {
        world.operator(A, before -> before.withWeight(Optional.of(2L)));
        assertTrue(areAll(CONFIG.replaceFirst("weight 2", "weight 0")));
        world.operator(A, _ -> RsOverride.NONE);
        assertFalse(areAll(CONFIG.replaceFirst("weight 2", "weight 0")));
    }

    @Test
    void aRetainedServerNeedsTheDryRun() {
        String other = vs("quorum 3\n removal_grace 30\n alpha", rs(A, "weight 2"), rs("10.0.1.3:80", "weight 2"));
        world.reload(other);
        world.pass(Duration.ofSeconds(1));
        assertTrue(world.state.servers().values().iterator().next().retains());
        assertFalse(areAll(other.replace("weight 2", "weight 3")));
    }
}
