package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.protocol.AgentExchange;
import io.lvsd.checkers.protocol.ConnectExchange;
import io.lvsd.checkers.protocol.DnsExchange;
import io.lvsd.checkers.protocol.Exchange;
import io.lvsd.checkers.protocol.GrpcExchange;
import io.lvsd.checkers.protocol.Http2Exchange;
import io.lvsd.checkers.protocol.SmtpExchange;
import io.lvsd.checkers.protocol.UdpExchange;
import io.lvsd.checkers.protocol.service.ServiceProtocols;
import io.lvsd.conf.check.AgentCheck;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.check.DnsCheck;
import io.lvsd.conf.check.GrpcCheck;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.PingCheck;
import io.lvsd.conf.check.ServiceCheck;
import io.lvsd.conf.check.SmtpCheck;
import io.lvsd.conf.check.TcpCheck;
import io.lvsd.conf.check.UdpCheck;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
import java.util.Optional;
import java.util.function.Consumer;

/** The protocol and the transport of each kind of check. */
public final class Attempts {
    private Attempts() {}

    /** A new attempt of a check, on this loop. */
    public static Attempt of(ProbeLoop loop, CheckSpec.Remote spec, ProbeKey key, Consumer<ProbeReport> done) {
        return switch (spec) {
            case TcpCheck tcp -> tcp(loop, tcp.target(), ConnectExchange.INSTANCE, done);
            case HttpCheck http -> HttpAttempts.of(loop, http, http.urls().get(key.url()), done);
            case SmtpCheck smtp -> tcp(loop, smtp.target(), new SmtpExchange(smtp.heloName()), done);
            case AgentCheck agent ->
                tcp(
                        loop,
                        agent.target(),
                        new AgentExchange(agent.send()),
                        report -> done.accept(AgentExchange.withoutFailure(report)));
            case DnsCheck dns -> udp(loop, dns.target(), new DnsExchange(dns), done);
            case UdpCheck udp -> udp(loop, udp.target(), new UdpExchange(udp), done);
            case PingCheck ping ->
                new Attempt(loop, ping.target(), attempt -> new PingConnection(attempt, ping.target()), done);
            case GrpcCheck grpc -> http2(loop, grpc.target(), grpc.tls(), new GrpcExchange(grpc), done);
            case ServiceCheck service -> service(loop, service, done);
        };
    }

    private static Attempt service(ProbeLoop loop, ServiceCheck service, Consumer<ProbeReport> done) {
        Exchange exchange = ServiceProtocols.exchange(service);
        return service.type().isUdp()
                ? udp(loop, service.target(), exchange, done)
                : stream(loop, service.target(), service.tls(), exchange, done);
    }

    /** Over TCP, with TLS or without. */
    static Attempt stream(
            ProbeLoop loop, ProbeAddress target, Optional<Tls> tls, Exchange exchange, Consumer<ProbeReport> done) {
        return tls.isEmpty()
                ? tcp(loop, target, exchange, done)
                : new Attempt(
                        loop,
                        target,
                        attempt -> new ChannelConnection(attempt, target, tls, new StreamProtocol(attempt, exchange)),
                        done);
    }

    private static Attempt tcp(ProbeLoop loop, ProbeAddress target, Exchange exchange, Consumer<ProbeReport> done) {
        return new Attempt(loop, target, attempt -> new TcpConnection(attempt, target, exchange), done);
    }

    private static Attempt udp(ProbeLoop loop, ProbeAddress target, Exchange exchange, Consumer<ProbeReport> done) {
        return new Attempt(loop, target, attempt -> new DatagramConnection(attempt, target, exchange), done);
    }

    static Attempt http2(
            ProbeLoop loop,
            ProbeAddress target,
            Optional<Tls> tls,
            Http2Exchange exchange,
            Consumer<ProbeReport> done) {
        return new Attempt(
                loop,
                target,
                attempt -> new ChannelConnection(attempt, target, tls, new Http2Protocol(attempt, exchange)),
                done);
    }
}
