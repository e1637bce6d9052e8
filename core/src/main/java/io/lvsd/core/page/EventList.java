package io.lvsd.core.page;

import java.util.List;
import java.util.Locale;

/** Events as an ordered list. */
final class EventList {
    private EventList() {}

    static void write(Html out, List<PageEvent> events) {
        out.tag("<ol class=\"events\">");
        events.forEach(e -> out.tag("<li class=\"" + e.level().toLowerCase(Locale.ROOT) + "\"><span class=\"when\">")
                .ago(e.at())
                .tag(" ago</span> <span class=\"what\"><b>")
                .text(e.name())
                .tag("</b> ")
                .text(e.text())
                .tag("</span></li>"));
        out.tag("</ol>");
    }
}
