package io.lvsd.checkers;

import io.lvsd.conf.model.CheckConfig.HttpVersion;
import io.lvsd.conf.model.CheckConfig.Url;
import io.lvsd.conf.model.ProbeAddress;
import java.util.Optional;

/** What goes over the wire. Equal keys are one and the same question to one and the same server. */
public sealed interface ProbeKey {
    ProbeAddress where();

    /** Establish a connection and close it. */
    record Tcp(ProbeAddress where) implements ProbeKey {}

    /** One request, over TLS or not. */
    record Http(ProbeAddress where, boolean tls, Optional<String> serverName, HttpVersion version, Url url)
            implements ProbeKey {}
}
