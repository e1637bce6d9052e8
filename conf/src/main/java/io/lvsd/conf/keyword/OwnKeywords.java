package io.lvsd.conf.keyword;

import static io.lvsd.conf.keyword.Registry.notYet;
import static io.lvsd.conf.keyword.Scope.*;

import java.util.Set;

/** Declarations: keywords that only lvsd has and that this version does not act on yet. */
final class OwnKeywords {
    private OwnKeywords() {}

    static void declare() {
        notYet(Set.of(VIRTUAL_SERVER), "sorry_mode", Types.anything("WORDS"), "", "");
        notYet(
                Set.of(VIRTUAL_SERVER, REAL_SERVER),
                "snmp_index",
                Types.number(1, Integer.MAX_VALUE, false),
                "the next free one",
                "Row number in LVS-MIB.");
        notYet(Set.of(LVSD), "log", Types.block("{", 0, 0, Shape.Simple.LINES), "", "");
        notYet(Set.of(HTTP), "token_file", Types.text("FILE"), "none", "Who holds this token may ask from elsewhere.");
        notYet(Set.of(SNMP), "agentx", Types.text("SOCKET"), "off", "AgentX master.");
        for (String name : new String[] {"title", "message", "until", "tls", "banner", "ports"}) {
            notYet(Set.of(SORRY_PAGE), name, Types.anything("WORDS"), "", "");
        }
    }
}
