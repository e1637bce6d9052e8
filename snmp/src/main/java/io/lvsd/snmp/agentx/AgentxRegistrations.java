package io.lvsd.snmp.agentx;

import io.lvsd.snmp.agentx.AgentxPdu.Register;
import io.lvsd.snmp.agentx.AgentxPdu.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snmp4j.smi.OID;

/**
 * Registers each subtree separately, and those that the master refuses again and again. Outlives connections, as refusals are
 * logged once. Used by the event loop.
 */
final class AgentxRegistrations {
    private static final Logger LOG = LoggerFactory.getLogger(AgentxRegistrations.class);
    /** That of RFC 2741, section 6.2.3; another subagent can register the same subtree with another one. */
    private static final int DEFAULT_PRIORITY = 127;

    private final String address;
    private final AgentxTimings timings;
    private final Map<OID, LastingTrouble> subtrees = new LinkedHashMap<>();

    AgentxRegistrations(String address, List<OID> subtrees, AgentxTimings timings) {
        this.address = address;
        this.timings = timings;
        subtrees.forEach(subtree -> this.subtrees.put(subtree, new LastingTrouble()));
    }

    /**
     * Registers all subtrees with a session that was opened.
     *
     * @param done called when the master has responded for each of them
     */
    void register(AgentxConnection connection, Runnable done) {
        Backoff backoff = new Backoff(timings.firstRetry(), timings.maxRegistration());
        register(connection, List.copyOf(subtrees.keySet()), backoff, done);
    }

    private void register(AgentxConnection connection, List<OID> some, Backoff backoff, Runnable done) {
        if (some.isEmpty()) {
            done.run();
            return;
        }
        List<OID> refused = new ArrayList<>();
        int[] missing = {some.size()};
        for (OID subtree : some) {
            connection.request(
                    header -> new Register(header, Optional.empty(), 0, DEFAULT_PRIORITY, subtree), response -> {
                        if (!registered(subtree, response)) {
                            refused.add(subtree);
                        }
                        if (--missing[0] == 0) {
                            done.run();
                            retry(connection, refused, backoff);
                        }
                    });
        }
    }

    private void retry(AgentxConnection connection, List<OID> refused, Backoff backoff) {
        if (!refused.isEmpty()) {
            connection.later(backoff.next(), () -> register(connection, refused, backoff, () -> {}));
        }
    }

    private boolean registered(OID subtree, Response response) {
        LastingTrouble trouble = subtrees.getOrDefault(subtree, new LastingTrouble());
        if (!response.isError(AgentxError.NO_ERROR)) {
            if (trouble.failed()) {
                LOG.atWarn()
                        .addKeyValue("address", address)
                        .addKeyValue("oid", subtree)
                        .addKeyValue("reason", AgentxError.text(response.error()))
                        .addKeyValue("effect", "the master agent does not serve this subtree from lvsd")
                        .addKeyValue("remedy", "find the other subagent or module of the master that serves it")
                        .log("agentx_registration.failed");
            }
            return false;
        }
        if (trouble.isActive()) {
            trouble.recovered(LOG.atInfo().addKeyValue("oid", subtree)).log("agentx_registration.recovered");
        }
        return true;
    }
}
