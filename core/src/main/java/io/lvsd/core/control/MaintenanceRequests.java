package io.lvsd.core.control;

import io.lvsd.core.operations.MaintenanceOperation;
import io.lvsd.core.operations.MaintenanceOperation.Refusal;
import io.lvsd.core.operations.MaintenanceOperation.RefusedException;
import io.lvsd.core.operations.NameLookup.LookupException;
import io.lvsd.core.view.MaintenanceReports;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** Carries out the request {@code maintenance}. */
final class MaintenanceRequests {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private final MaintenanceOperation operation;

    MaintenanceRequests(MaintenanceOperation operation) {
        this.operation = operation;
    }

    /** @param user the user that requests it, for the log */
    Reply handle(String body, String user) {
        Optional<MaintenanceRequest> request = MaintenanceRequest.parse(body);
        if (request.isEmpty()) {
            return new Reply(USAGE, "malformed request: client and daemon have different versions\n");
        }
        try {
            return new Reply(
                    DONE,
                    MaintenanceReports.text(
                            operation.set(
                                    new MaintenanceOperation.Request(
                                            request.get().virtualServer(),
                                            request.get().settings(),
                                            user),
                                    Instant.now()),
                            ZoneId.systemDefault()));
        } catch (RefusedException e) {
            return new Reply(
                    e.refusal() == Refusal.PAST ? USAGE : FAILED,
                    e.getMessage() + "; nothing was changed. Remedy: " + e.remedy() + "\n");
        } catch (LookupException e) {
            return new Reply(USAGE, String.valueOf(e.getMessage()));
        }
    }
}
