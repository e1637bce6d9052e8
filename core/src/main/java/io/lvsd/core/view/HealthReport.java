package io.lvsd.core.view;

import java.util.List;

/**
 * Whether the daemon itself works. The names of the components are those of the JSON.
 *
 * @param healthy whether all conditions are met
 */
public record HealthReport(boolean healthy, List<Condition> conditions) {
    /**
     * One condition.
     *
     * @param detail what was found
     */
    public record Condition(String name, boolean met, String detail) {}

    static HealthReport of(Condition... conditions) {
        List<Condition> all = List.of(conditions);
        return new HealthReport(all.stream().allMatch(Condition::met), all);
    }
}
