package io.lvsd.core.control;

import io.lvsd.core.shell.Daemon;
import io.lvsd.core.view.StatusText;
import io.lvsd.core.view.TableFormat;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.netlink.NetlinkException;
import java.util.List;

/** What the client commands ask of a daemon. */
public final class DaemonHandler implements ControlServer.Handler {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int REFUSED = 4;

    private final Daemon daemon;

    public DaemonHandler(Daemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public boolean changes(List<String> words) {
        return words.getFirst().equals("reload");
    }

    @Override
    public Reply handle(List<String> words) {
        boolean json = words.contains("json");
        return switch (words.getFirst()) {
            case "status" ->
                new Reply(
                        0,
                        json
                                ? StatusText.json(daemon.state(), daemon.driver())
                                : StatusText.text(daemon.state(), daemon.driver()));
            case "reload" -> reload();
            case "table" -> table(words.size() > 1 ? words.get(1) : "list");
            default -> new Reply(USAGE, "this daemon does not know '" + words.getFirst() + "'\n");
        };
    }

    private Reply reload() {
        Daemon.ReloadResult result = daemon.reload();
        StringBuilder text = new StringBuilder();
        result.problems().forEach(p -> text.append(p.render()).append('\n'));
        return new Reply(result.accepted() ? 0 : REFUSED, text + result.text());
    }

    private Reply table(String layout) {
        try {
            IpvsSnapshot table = daemon.table();
            return switch (layout) {
                case "stats" -> new Reply(0, TableFormat.stats(table));
                case "rate" -> new Reply(0, TableFormat.rate(table));
                case "save" -> new Reply(0, TableFormat.save(table));
                default -> new Reply(0, TableFormat.list(table));
            };
        } catch (NetlinkException e) {
            return new Reply(FAILED, "the table cannot be read: " + e.getMessage() + "\n");
        }
    }
}
