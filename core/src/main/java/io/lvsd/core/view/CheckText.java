package io.lvsd.core.view;

import io.lvsd.conf.check.BfdCheck;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.check.DnsCheck;
import io.lvsd.conf.check.FileCheck;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.MiscCheck;
import io.lvsd.conf.check.ServiceCheck;
import io.lvsd.conf.check.UnusableCheck;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;

/** What a check probes, in one line without secrets. */
final class CheckText {
    private CheckText() {}

    /** @param url index of the url of the next probe; else 0 */
    static String target(CheckSpec spec, int url) {
        return switch (spec) {
            case HttpCheck http ->
                http(http, http.urls().get(Math.min(url, http.urls().size() - 1)));
            case DnsCheck dns ->
                address(dns.target()) + " " + dns.type() + " " + (dns.name().isEmpty() ? "." : dns.name());
            case ServiceCheck service ->
                address(service.target()) + " " + service.type().word();
            case CheckSpec.Remote remote -> address(remote.target());
            case MiscCheck misc -> misc.argv().getFirst();
            case FileCheck file -> file.file().file().toString();
            case BfdCheck bfd -> bfd.instance().name();
            case UnusableCheck _ -> "";
        };
    }

    /** What usually distinguishes checks with one keyword; empty for one that is unusable. */
    static String shortTarget(CheckSpec spec) {
        return switch (spec) {
            case HttpCheck http -> http.urls().getFirst().path();
            case DnsCheck dns -> dns.name().isEmpty() ? "." : dns.name();
            case CheckSpec.Remote remote -> port(remote);
            case MiscCheck misc ->
                misc.argv().getFirst().substring(misc.argv().getFirst().lastIndexOf('/') + 1);
            case FileCheck file -> file.file().file().toString();
            case BfdCheck bfd -> bfd.instance().name();
            case UnusableCheck _ -> "";
        };
    }

    /** As {@link #shortTarget}, with the port and the type of the request. */
    static String targetWithPort(CheckSpec spec) {
        return switch (spec) {
            case HttpCheck http -> port(http) + http.urls().getFirst().path();
            case DnsCheck dns -> port(dns) + " " + dns.type() + " " + shortTarget(dns);
            case ServiceCheck service -> port(service) + " " + service.type().word();
            default -> shortTarget(spec);
        };
    }

    private static String port(CheckSpec.Remote remote) {
        return ":" + remote.target().port();
    }

    private static String http(HttpCheck http, Url url) {
        return url.method() + (http.tls().isPresent() ? " https://" : " http://") + address(http.target()) + url.path();
    }

    private static String address(ProbeAddress target) {
        String address = IpAddresses.text(target.address(), target.port());
        return target.realServer().isPresent() ? address + " (via_vip)" : address;
    }
}
