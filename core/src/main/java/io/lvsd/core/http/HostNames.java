package io.lvsd.core.http;

import io.lvsd.conf.source.IpAddresses;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that clients may use for the endpoint. A web page of another site whose name was made to resolve to the address of
 * the endpoint (DNS rebinding) makes the browser send that name. Immutable.
 */
final class HostNames {
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+)(:\\d{1,5})?");

    private final Set<String> names;
    private final Set<InetAddress> addresses;

    /**
     * @param names besides localhost, in lower case
     * @param addresses that the endpoint listens on
     */
    HostNames(Collection<String> names, Collection<InetAddress> addresses) {
        this.names = Set.copyOf(names);
        this.addresses = Set.copyOf(addresses);
    }

    /**
     * Whether an authority, a name or an address and perhaps a port, is one of the endpoint. The port is not compared, as a
     * tunnel may have another one.
     *
     * @param local address of this host that the client is connected to
     */
    boolean contains(String authority, InetAddress local) {
        Matcher matcher = AUTHORITY.matcher(authority);
        if (!matcher.matches()) {
            return false;
        }
        String name = matcher.group(1).toLowerCase(Locale.ROOT);
        Optional<InetAddress> address = IpAddresses.address(name.replaceAll("^\\[|\\]$", ""));
        return address.isPresent()
                ? address.get().equals(local) || addresses.contains(address.get())
                : name.equals("localhost") || names.contains(name);
    }
}
