package io.lvsd.snmp.agentx;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.lvsd.conf.model.SnmpConfig.Socket;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.snmp.agentx.AgentxPdu.Header;
import io.lvsd.snmp.agentx.AgentxPdu.Open;
import io.lvsd.snmp.agentx.AgentxPdu.Ping;
import io.lvsd.snmp.agentx.AgentxPdu.Register;
import io.lvsd.snmp.agentx.AgentxPdu.Response;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.snmp4j.smi.OID;

/** A master agent whose behaviour a test determines, PDU by PDU. */
final class FakeMaster implements AutoCloseable {
    private static final long DEADLINE_SECONDS = 30;

    private final Socket socket;
    private final ServerSocketChannel server;
    private final BlockingQueue<Peer> accepted = new LinkedBlockingQueue<>();
    private final List<Peer> peers = new ArrayList<>();
    private final CompletableFuture<Void> acceptor;
    /** Whether Ping-PDUs get a response at once. */
    volatile boolean answersPings = true;

    private FakeMaster(Socket socket, ServerSocketChannel server) {
        this.socket = socket;
        this.server = server;
        this.acceptor = CompletableFuture.runAsync(this::acceptAll, Thread::startVirtualThread);
    }

    /** Listens. A port 0 is any. */
    static FakeMaster listen(Socket socket) throws IOException {
        return switch (socket) {
            case Socket.Unix(var path) -> {
                Files.deleteIfExists(path);
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                yield new FakeMaster(socket, server.bind(UnixDomainSocketAddress.of(path)));
            }
            case Socket.Tcp(var address, int port) -> {
                ServerSocketChannel server = ServerSocketChannel.open();
                server.bind(new InetSocketAddress(address, port));
                int bound = ((InetSocketAddress) server.getLocalAddress()).getPort();
                yield new FakeMaster(new Socket.Tcp(address, bound), server);
            }
        };
    }

    static FakeMaster listenOnLoopback() throws IOException {
        return listen(new Socket.Tcp(IpAddresses.ofBytes(new byte[] {127, 0, 0, 1}), 0));
    }

    Socket socket() {
        return socket;
    }

    private void acceptAll() {
        try {
            while (true) {
                accepted.add(new Peer(server.accept()));
            }
        } catch (IOException e) {
            // closed
        }
    }

    /** The next connection. */
    Peer accept() throws InterruptedException {
        Peer peer = accepted.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertNotNull(peer, "no connection");
        peers.add(peer);
        return peer;
    }

    /** The next connection, with its session open and its subtrees registered. */
    Peer acceptSession(int subtrees) throws Exception {
        Peer peer = accept();
        peer.open();
        for (int i = 0; i < subtrees; i++) {
            peer.respond(peer.read(Register.class), AgentxError.NO_ERROR);
        }
        return peer;
    }

    /** Ends everything; afterwards another one can listen on the same socket. */
    @Override
    public void close() throws IOException {
        server.close();
        acceptor.join();
        accepted.drainTo(peers);
        for (Peer peer : peers) {
            peer.close();
        }
    }

    /** The side of the master of one connection. */
    final class Peer {
        static final long SESSION = 77;

        private final SocketChannel channel;
        private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
        private final Set<OID> registered = new HashSet<>();
        private volatile boolean reads = true;
        private long packet = 1_000;

        Peer(SocketChannel channel) {
            this.channel = channel;
            Thread.ofVirtual().start(this::readAll);
        }

        private void readAll() {
            try {
                while (reads) {
                    ByteBuffer header = read(AgentxCodec.HEADER);
                    AgentxCodec.Received parsed = AgentxCodec.header(header);
                    AgentxPdu pdu = AgentxCodec.decode(parsed, read((int) parsed.length()));
                    if (pdu instanceof Ping && answersPings) {
                        respond(pdu, AgentxError.NO_ERROR);
                    } else {
                        received.add(pdu);
                    }
                }
            } catch (IOException | AgentxMalformedException e) {
                received.add(e);
            }
        }

        private ByteBuffer read(int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(length);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer) < 0) {
                    throw new IOException("end");
                }
            }
            return buffer.flip();
        }

        /** The next PDU, of a type that the test expects. */
        <T extends AgentxPdu> T read(Class<T> type) throws InterruptedException {
            return assertInstanceOf(type, next());
        }

        private @Nullable Object next() throws InterruptedException {
            return received.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }

        /** Waits until the subagent has closed the connection; what it sent before does not matter. */
        void awaitEnd() throws InterruptedException {
            Object last = next();
            while (last instanceof AgentxPdu) {
                last = next();
            }
            assertInstanceOf(IOException.class, last);
        }

        boolean hasReceived() {
            return !received.isEmpty();
        }

        /** Reads nothing after the next PDU. */
        void stopReading() {
            reads = false;
        }

        Open open() throws Exception {
            Open open = read(Open.class);
            Header header = new Header(
                    SESSION, open.header().transaction(), open.header().packet());
            write(new Response(header, 1, 0, 0, List.of()));
            return open;
        }

        Set<OID> registered() {
            return registered;
        }

        void respond(AgentxPdu request, AgentxError error) throws IOException {
            if (request instanceof Register register && error == AgentxError.NO_ERROR) {
                registered.add(register.subtree());
            }
            write(new Response(request.header(), 1, error.code(), 0, List.of()));
        }

        /** The header of a new request. */
        Header header(long transaction) {
            packet++;
            return new Header(SESSION, transaction, packet);
        }

        void write(AgentxPdu pdu) throws IOException {
            write(AgentxCodec.encode(pdu));
        }

        synchronized void write(byte[] bytes) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }

        void close() throws IOException {
            channel.close();
        }
    }
}
