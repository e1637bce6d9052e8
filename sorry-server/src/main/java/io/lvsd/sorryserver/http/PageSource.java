package io.lvsd.sorryserver.http;

import io.lvsd.sorryserver.page.SorryPage;
import java.util.Map;

/**
 * The pages of a listener. Immutable.
 *
 * @param page for every host without a page of its own
 * @param hosts by name in lower case
 */
public record PageSource(SorryPage page, Map<String, SorryPage> hosts) {
    public PageSource {
        hosts = Map.copyOf(hosts);
    }

    /** The page for the value of Host or :authority, which only selects one of the configured pages. */
    SorryPage forHost(String authority) {
        return hosts.getOrDefault(RequestPath.hostName(authority), page);
    }
}
