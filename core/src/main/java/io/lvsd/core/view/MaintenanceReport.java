package io.lvsd.core.view;

import java.util.Optional;

/**
 * The maintenance of a virtual server after it was changed. The names of the components are those of the JSON.
 *
 * @param maintenance in effect; empty: none
 * @param access whether and how allowed clients reach real servers; empty if no clients are allowed
 * @param problem why the real servers remain in the table
 * @param applied whether the engine has applied it; otherwise it does soon
 */
public record MaintenanceReport(
        String virtualServer,
        Optional<StatusReport.Maintenance> maintenance,
        Optional<String> access,
        Optional<String> problem,
        boolean applied) {}
