package io.lvsd.core.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.lvsd.core.engine.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SnmpViewTest {
    @Test
    void aViewIsMadeOnceForEachReading() {
        World world = new World();
        world.start(World.vs("", World.rs("10.0.0.2:80", ""), World.rs("10.0.0.3:80", "")));
        world.pass(Duration.ofSeconds(3));
        SnmpView views = new SnmpView();
        var first = views.of(world.state);
        assertEquals(1, first.table().services().size());
        world.fails("10.0.0.2:80");
        assertSame(first, views.of(world.state), "a command is seen at the next reading");
        world.pass(Duration.ofSeconds(3));
        var next = views.of(world.state);
        assertNotSame(first, next);
        assertEquals(1, next.table().destinationCount());
    }
}
