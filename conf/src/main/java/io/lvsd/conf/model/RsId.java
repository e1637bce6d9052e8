package io.lvsd.conf.model;

import io.lvsd.conf.Names;
import java.net.InetAddress;

/** The identity of a real server within its virtual server. */
public record RsId(InetAddress address, int port) {
    @Override
    public String toString() {
        return Names.text(address, port);
    }
}
