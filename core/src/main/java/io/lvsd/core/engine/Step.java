package io.lvsd.core.engine;

import java.util.List;

/** What one event leads to. */
public record Step(EngineState state, List<Effect> effects) {
    public Step {
        effects = List.copyOf(effects);
    }
}
