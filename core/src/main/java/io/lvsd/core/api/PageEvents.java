package io.lvsd.core.api;

import io.lvsd.checkers.probe.PrintableText;
import io.lvsd.core.page.PageEvent;
import io.lvsd.core.page.PageRoutes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The last events of each virtual server, for the status page. */
record PageEvents(EventRing ring) implements PageRoutes.EventSource {
    private static final int SHOWN = 10;
    private static final String VS = "vs";

    @Override
    public Map<String, List<PageEvent>> byVirtualServer() {
        Map<String, List<PageEvent>> events = new HashMap<>();
        for (EventRing.Entry entry : ring.since(0, EventRing.LENGTH).entries().reversed()) {
            Object server = entry.event().fields().get(VS);
            List<PageEvent> known =
                    server == null ? List.of() : events.computeIfAbsent(server.toString(), _ -> new ArrayList<>());
            if (server != null && known.size() < SHOWN) {
                known.add(new PageEvent(entry.time(), entry.event().level().name(), text(entry)));
            }
        }
        return events;
    }

    /** As in the log, without the virtual server. */
    private static String text(EventRing.Entry entry) {
        String fields = entry.event().fields().entrySet().stream()
                .filter(f -> !f.getKey().equals(VS))
                .map(f -> " " + f.getKey() + "="
                        + PrintableText.quoted(f.getValue().toString()))
                .collect(Collectors.joining());
        return entry.event().name() + fields;
    }
}
