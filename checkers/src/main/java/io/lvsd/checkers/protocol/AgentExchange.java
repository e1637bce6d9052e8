package io.lvsd.checkers.protocol;

import io.lvsd.checkers.probe.AgentReply;
import io.lvsd.checkers.probe.PrintableText;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import java.util.Optional;

/** One line of an agent, in the format of HAProxy's agent-check. Without a valid reply the probe is inconclusive. */
public final class AgentExchange extends LineExchange {
    private final String send;

    public AgentExchange(String send) {
        this.send = send;
    }

    @Override
    public byte[] opening() {
        return bytes(send.replace("\\n", "\n").replace("\\r", "\r"));
    }

    @Override
    protected Action line(String line) {
        Optional<AgentReply> reply = AgentReply.parse(line);
        return new Action.Finish(
                reply.isPresent()
                        ? new Passed(reply)
                        : new Inconclusive("invalid agent reply: " + PrintableText.excerpt(line)));
    }

    /** A probe of an agent never fails: an agent without an answer changes neither state nor weight. */
    public static ProbeReport withoutFailure(ProbeReport report) {
        return report.result() instanceof Failed failed
                ? report.withResult(new Inconclusive("agent: " + failed.reason() + ", " + failed.detail()))
                : report;
    }

    /** Many agents close the connection instead of ending their line. */
    @Override
    public Action closed() {
        return unfinished().isBlank()
                ? new Action.Finish(new Inconclusive("agent closed the connection without a reply"))
                : line(unfinished());
    }
}
