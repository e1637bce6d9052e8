package io.lvsd.conf.convert;

import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.ServerKeywords;
import io.lvsd.conf.language.Language;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Prepares a virtual server of keepalived.conf for HOCON, where the order of lines has no effect: lines that are ignored in
 * their place are left out, and lines that apply to what follows precede it.
 */
final class LineOrder {
    private static final List<Keyword<?>> AFTER_SORRY_SERVER =
            List.of(ServerKeywords.SORRY_SERVER_METHOD, ServerKeywords.SORRY_SERVER_INHIBIT);

    private final List<Statement> block;
    private final Problems lost;

    /** @param lost reports lines that are left out */
    LineOrder(List<Statement> block, Problems lost) {
        this.block = block;
        this.lost = lost;
    }

    List<Statement> normalized() {
        List<Statement> lines = new ArrayList<>();
        boolean sorry = false;
        for (Statement line : block) {
            sorry |= is(line, ServerKeywords.SORRY_SERVER) && isValid(line, ServerKeywords.SORRY_SERVER);
            if (!sorry && AFTER_SORRY_SERVER.stream().anyMatch(k -> is(line, k))) {
                lost.warning(line.origin(), "'" + line.name() + "' is not converted: it must follow 'sorry_server'");
            } else {
                lines.add(line);
            }
        }
        familyFirst(lines);
        return lines;
    }

    /** A family that follows tunnels applies to the servers below it. In HOCON all servers are in one place. */
    private void familyFirst(List<Statement> lines) {
        int family = last(lines, ServerKeywords.IP_FAMILY);
        int server = first(lines, ServerKeywords.REAL_SERVER_BLOCK);
        boolean tunnels = family >= 0
                && lines.subList(0, family).stream()
                        .filter(l -> is(l, ServerKeywords.REAL_SERVER_BLOCK))
                        .allMatch(this::isTunnel);
        if (server >= 0 && server < family && tunnels) {
            lines.add(server, lines.remove(family));
        }
    }

    private boolean isTunnel(Statement server) {
        List<Statement> inside = Node.blockOf(server);
        int own = last(inside, Scope.REAL_SERVER, ServerKeywords.RS_METHOD);
        int common = last(block, ServerKeywords.VS_METHOD);
        return own >= 0 ? isTun(inside.get(own)) : common >= 0 && isTun(block.get(common));
    }

    private static boolean isTun(Statement method) {
        return !method.words().isEmpty() && method.words().getFirst().text().equals("TUN");
    }

    private static int first(List<Statement> lines, Keyword<?> keyword) {
        for (int i = 0; i < lines.size(); i++) {
            if (is(lines.get(i), keyword)) {
                return i;
            }
        }
        return -1;
    }

    private static int last(List<Statement> lines, Keyword<?> keyword) {
        return last(lines, Scope.VIRTUAL_SERVER, keyword);
    }

    /** The last valid line of a keyword. */
    private static int last(List<Statement> lines, Scope scope, Keyword<?> keyword) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (is(lines.get(i), scope, keyword) && isValid(lines.get(i), keyword)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean is(Statement line, Keyword<?> keyword) {
        return is(line, Scope.VIRTUAL_SERVER, keyword);
    }

    private static boolean is(Statement line, Scope scope, Keyword<?> keyword) {
        return !line.dropped()
                && Language.find(scope, line.name()).filter(keyword::equals).isPresent();
    }

    private static boolean isValid(Statement line, Keyword<?> keyword) {
        return keyword.type().read(line, new Problems()).isPresent();
    }
}
