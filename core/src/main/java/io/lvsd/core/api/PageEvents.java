package io.lvsd.core.api;

import io.lvsd.checkers.probe.PrintableText;
import io.lvsd.core.page.PageEvent;
import io.lvsd.core.page.PageRoutes;
import io.lvsd.core.page.RecentEvents;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The last events, for the status page. */
record PageEvents(EventRing ring) implements PageRoutes.EventSource {
    private static final int SHOWN = 10;
    private static final int SHOWN_OF_ALL = 20;
    private static final String VS = "vs";

    @Override
    public RecentEvents recent() {
        List<EventRing.Entry> latest = ring.since(0, EventRing.LENGTH).entries().reversed();
        Map<String, List<PageEvent>> events = new HashMap<>();
        for (EventRing.Entry entry : latest) {
            Object server = entry.event().fields().get(VS);
            List<PageEvent> known =
                    server == null ? List.of() : events.computeIfAbsent(server.toString(), _ -> new ArrayList<>());
            if (server != null && known.size() < SHOWN) {
                known.add(event(entry, false));
            }
        }
        return new RecentEvents(
                latest.stream().limit(SHOWN_OF_ALL).map(e -> event(e, true)).toList(), events);
    }

    /** As in the log. */
    private static PageEvent event(EventRing.Entry entry, boolean withServer) {
        String fields = entry.event().fields().entrySet().stream()
                .filter(f -> withServer || !f.getKey().equals(VS))
                .map(f -> f.getKey() + "=" + PrintableText.quoted(f.getValue().toString()))
                .collect(Collectors.joining(" "));
        return new PageEvent(
                entry.time(), entry.event().level().name(), entry.event().name(), fields);
    }
}
