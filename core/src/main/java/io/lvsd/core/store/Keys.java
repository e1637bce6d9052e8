package io.lvsd.core.store;

import io.lvsd.conf.source.IpAddresses;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses keys from the text that their {@code toString} writes. */
final class Keys {
    private static final Pattern SERVICE = Pattern.compile("(.+)/(tcp|udp|sctp)");
    private static final Pattern MARK = Pattern.compile("fwmark:(\\d{1,10})(/inet6)?");
    private static final Pattern ENDPOINT = Pattern.compile("\\[?([^\\]]+?)\\]?:(\\d{1,5})");

    private Keys() {}

    static Optional<ServiceKey> service(String text) {
        Matcher mark = MARK.matcher(text);
        if (mark.matches()) {
            AddressFamily family = mark.group(2) == null ? AddressFamily.INET : AddressFamily.INET6;
            return Optional.of(new ServiceKey.FwmarkKey(family, Long.parseLong(mark.group(1))));
        }
        Matcher m = SERVICE.matcher(text);
        return m.matches()
                ? destination(m.group(1))
                        .map(d -> new ServiceKey.AddressKey(
                                Protocol.valueOf(m.group(2).toUpperCase(Locale.ROOT)), d.address(), d.port()))
                : Optional.empty();
    }

    static Optional<DestinationKey> destination(String text) {
        Matcher m = ENDPOINT.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        Optional<InetAddress> address = IpAddresses.address(m.group(1));
        return address.map(a -> new DestinationKey(a, Integer.parseInt(m.group(2))));
    }
}
