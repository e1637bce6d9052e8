package io.lvsd.core.log.format;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines that keepalived's checker logs for the same event, so that existing filters of the log match. Texts of keepalived
 * 2.2.
 */
final class ClassicFormat {
    private static final Pattern ADDRESS = Pattern.compile("\\[?(.+?)]?:(\\d+)(?:/(tcp|udp|sctp))?");
    private static final Pattern MARK = Pattern.compile("fwmark:(\\d+)(?:/inet6)?");
    private static final Pattern GROUP = Pattern.compile("group:(.+?)(?:/(tcp|udp|sctp))?(?:/inet6)?");

    private ClassicFormat() {}

    /** keepalived's lines for an event; none if keepalived has none. */
    static List<String> lines(LogRecord record) {
        Subject subject = Subject.of(record);
        return switch (record.event()) {
            case "check.failing", "probe.failed" -> failed(record, subject);
            case "check.up" -> passed(record, subject);
            case "check.down" -> down(record, subject);
            case "rs.up" -> with(passed(record, subject), table(record, subject));
            case "rs.down" -> with(down(record, subject), table(record, subject));
            case "rs.weight" -> weight(record, subject);
            case "rs.removed" -> List.of("service " + subject.rs() + " no longer exist");
            case "vs.up" -> quorum(record, subject, true);
            case "vs.down" -> quorum(record, subject, false);
            case "sorry.on" ->
                List.of(
                        "Adding sorry server " + subject.sorry() + " to VS " + subject.vs(),
                        "Removing alive servers from the pool for VS " + subject.vs());
            case "sorry.off" ->
                List.of(
                        "Adding alive servers to the pool for VS " + subject.vs(),
                        "Removing sorry server " + subject.sorry() + " from VS " + subject.vs());
            default -> List.of();
        };
    }

    /** Names of servers in keepalived's form. */
    private record Subject(String vs, String rs, String sorry) {
        static Subject of(LogRecord record) {
            String vs = record.field("vs");
            String protocol = vs.endsWith("/udp") ? "udp" : vs.endsWith("/sctp") ? "sctp" : "tcp";
            return new Subject(
                    virtualServer(vs), address(record.field("rs"), protocol), address(record.field("sorry"), protocol));
        }

        private static String virtualServer(String vs) {
            Matcher mark = MARK.matcher(vs);
            if (mark.matches()) {
                return "FWM " + mark.group(1);
            }
            Matcher group = GROUP.matcher(vs);
            return group.matches() ? "[" + group.group(1) + "]:0" : address(vs, "tcp");
        }

        private static String address(String text, String protocol) {
            Matcher m = ADDRESS.matcher(text);
            return m.matches()
                    ? "[" + m.group(1) + "]:" + (m.group(3) == null ? protocol : m.group(3)) + ":" + m.group(2)
                    : text;
        }
    }

    private static List<String> with(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static List<String> failed(LogRecord record, Subject subject) {
        String rs = subject.rs();
        String reason = record.field("reason");
        boolean connecting = reason.startsWith("connect_");
        boolean timeout = reason.endsWith("_timeout");
        return switch (record.field("check")) {
            case "TCP_CHECK" -> List.of("TCP connection to " + rs + (timeout ? " timeout." : " failed."));
            case "UDP_CHECK" -> List.of("UDP connection to " + rs + " failed.");
            case "PING_CHECK" ->
                List.of(
                        timeout
                                ? "ICMP connection to address " + rs + " timeout."
                                : "ICMP connection to " + rs + " of " + subject.vs() + " failed.");
            case "HTTP_GET", "SSL_GET" -> web(record, subject, connecting, timeout);
            case "SMTP_CHECK" ->
                List.of(
                        connecting
                                ? (timeout ? "Connection timeout to server " : "Error connecting to server ") + rs
                                : (timeout ? "Read timeout from server " : "Read failure from server ") + rs);
            case "DNS_CHECK" ->
                List.of("DNS_CHECK (" + rs + ") " + (timeout ? "connection timeout." : "connection error."));
            default -> List.of();
        };
    }

    private static List<String> web(LogRecord record, Subject subject, boolean connecting, boolean timeout) {
        String to = " to " + subject.rs() + " url(" + record.field("url") + ").";
        return switch (record.field("reason")) {
            case "status" -> List.of("HTTP status code error" + to);
            case "digest" -> List.of("MD5 digest error" + to);
            default ->
                List.of((timeout ? "Timeout " : "Error ") + (connecting ? "connecting" : "WEB read") + " server "
                        + subject.rs() + ".");
        };
    }

    private static List<String> passed(LogRecord record, Subject subject) {
        String rs = subject.rs();
        return switch (record.field("check")) {
            case "TCP_CHECK" -> List.of("TCP connection to " + rs + " success.");
            case "UDP_CHECK" -> List.of("UDP connection to " + rs + " success.");
            case "PING_CHECK" -> List.of("ICMP connection to " + rs + " success.");
            case "HTTP_GET", "SSL_GET" -> List.of("Remote Web server " + rs + " succeed on service.");
            case "SMTP_CHECK" -> List.of("Remote SMTP server " + rs + " succeed on service.");
            default -> List.of();
        };
    }

    private static List<String> down(LogRecord record, Subject subject) {
        String failures = record.field("failures");
        String retries = failures.isEmpty() || failures.equals("1")
                ? " failed."
                : " failed after " + (Long.parseLong(failures) - 1) + " retries.";
        String service = " on service " + subject.rs();
        return switch (record.field("check")) {
            case "TCP_CHECK", "UDP_CHECK" -> List.of(record.field("check") + service + retries);
            case "HTTP_GET", "SSL_GET" -> List.of("HTTP_CHECK" + service + retries);
            case "PING_CHECK" ->
                List.of("ICMP CHECK" + service + (retries.equals(" failed.") ? "" : " of " + subject.vs()) + retries);
            default -> List.of();
        };
    }

    /** keepalived enables and disables a server with inhibit_on_failure, and adds and removes others. */
    private static List<String> table(LogRecord record, Subject subject) {
        String table = record.field("table");
        String verb = switch (table) {
            case "added" -> "Adding service ";
            case "removed" -> "Removing service ";
            case "weight_0" -> "Disabling service ";
            default -> table.startsWith("weight_") ? "Enabling service " : "";
        };
        boolean in = table.equals("added") || verb.startsWith("Enabling");
        return verb.isEmpty()
                ? List.of()
                : List.of(verb + subject.rs() + (in ? " to VS " : " from VS ") + subject.vs());
    }

    private static List<String> weight(LogRecord record, Subject subject) {
        return List.of("Changing weight from " + record.field("from") + " to " + record.field("to") + " for "
                + (record.field("state").equals("down") ? "inactive" : "active") + " service " + subject.rs()
                + " of VS "
                + subject.vs());
    }

    private static List<String> quorum(LogRecord record, Subject subject, boolean up) {
        String live = record.field("live");
        String quorum = record.field("quorum");
        String hysteresis = record.field("hysteresis");
        if (live.isEmpty() || quorum.isEmpty() || hysteresis.isEmpty()) {
            return List.of();
        }
        long threshold = Long.parseLong(quorum) + (up ? 1 : -1) * Long.parseLong(hysteresis);
        return List.of((up ? "Gained quorum " : "Lost quorum ") + quorum + (up ? "+" : "-") + hysteresis + "="
                + threshold + (up ? " <= " : " > ") + live + " for VS " + subject.vs());
    }
}
