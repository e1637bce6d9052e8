package io.lvsd.snmp.agentx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.SnmpConfig.Socket;
import io.lvsd.snmp.SnmpObserver.Delivery;
import io.lvsd.snmp.SnmpObserver.Request;
import io.lvsd.snmp.agentx.AgentxPdu.Close;
import io.lvsd.snmp.agentx.AgentxPdu.Get;
import io.lvsd.snmp.agentx.AgentxPdu.GetBulk;
import io.lvsd.snmp.agentx.AgentxPdu.Open;
import io.lvsd.snmp.agentx.AgentxPdu.Ping;
import io.lvsd.snmp.agentx.AgentxPdu.Register;
import io.lvsd.snmp.mib.SampleTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.snmp4j.smi.OID;

/** The life of a session: a master that ends, hangs, refuses, or sends malformed bytes. */
@Timeout(120)
final class AgentxSessionTest {
    private static final OID NO_OID = new OID(new int[0]);
    private static final List<OID> SUBTREES = List.of(SampleTree.FIRST, SampleTree.SECOND);
    /** Short delays, and deadlines that are not reached. */
    static final AgentxTimings PATIENT = new AgentxTimings(
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofMillis(10),
            Duration.ofMillis(50),
            Duration.ofMillis(50),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60));

    private final FakeSource source = new FakeSource();
    private final FakeObserver observer = new FakeObserver();
    private Optional<AgentxSession> session = Optional.empty();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private void start(Socket socket, AgentxTimings timings) {
        session = Optional.of(AgentxSession.start(
                new SnmpConfig.Agentx(socket, true), true, SUBTREES, source, observer, "lvsd test", timings));
    }

    @AfterEach
    void close() {
        session.ifPresent(AgentxSession::close);
    }

    private static AgentxTimings with(Duration response, Duration ping, Duration unwritable) {
        return new AgentxTimings(
                response,
                ping,
                PATIENT.firstRetry(),
                PATIENT.maxRetry(),
                PATIENT.maxRegistration(),
                unwritable,
                PATIENT.request());
    }

    /** Requests the value of {@link SampleTree#NUMBER}, which only a session that serves can respond to. */
    private static void assertServes(FakeMaster.Peer peer) throws Exception {
        Get get = new Get(peer.header(1), Optional.empty(), List.of(new SearchRange(SampleTree.NUMBER, false, NO_OID)));
        peer.write(get);
        AgentxPdu.Response response = peer.read(AgentxPdu.Response.class);
        assertEquals(get.header(), response.header());
        assertEquals(0, response.error());
        assertEquals(42, response.bindings().getFirst().getVariable().toInt());
    }

    enum Kind {
        UNIX,
        TCP
    }

    private FakeMaster listen(Kind kind) throws IOException {
        return switch (kind) {
            case UNIX -> FakeMaster.listen(new Socket.Unix(directory.resolve("master")));
            case TCP -> FakeMaster.listenOnLoopback();
        };
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aSessionIsOpenedSubtreesAreRegisteredAndRequestsServed(Kind kind) throws Exception {
        try (FakeMaster master = listen(kind)) {
            start(master.socket(), PATIENT);
            FakeMaster.Peer peer = master.accept();
            Open open = peer.open();
            assertEquals("lvsd test", open.description().toString());
            for (int i = 0; i < 2; i++) {
                Register register = peer.read(Register.class);
                assertEquals(FakeMaster.Peer.SESSION, register.header().session());
                assertEquals(127, register.priority());
                peer.respond(register, AgentxError.NO_ERROR);
            }
            assertEquals(Set.copyOf(SUBTREES), peer.registered());
            assertServes(peer);
            assertEquals(1, observer.count(Request.AGENTX));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void afterARestartOfTheMasterSubtreesAreRegisteredAgain(Kind kind) throws Exception {
        Socket socket;
        try (FakeMaster master = listen(kind)) {
            socket = master.socket();
            start(socket, PATIENT);
            assertServes(master.acceptSession(2));
        }
        try (FakeMaster master = FakeMaster.listen(socket)) {
            assertServes(master.acceptSession(2));
        }
    }

    @Test
    void aMasterThatStartsLaterIsFound() throws Exception {
        Socket socket = new Socket.Unix(directory.resolve("master"));
        start(socket, PATIENT);
        Files.createFile(directory.resolve("master"));
        try (FakeMaster master = FakeMaster.listen(socket)) {
            assertServes(master.acceptSession(2));
        }
    }

    @Test
    void aSubtreeThatIsRefusedDoesNotPreventTheOthersAndIsRegisteredLater() throws Exception {
        try (FakeMaster master = listen(Kind.UNIX)) {
            start(master.socket(), PATIENT);
            FakeMaster.Peer peer = master.accept();
            peer.open();
            peer.respond(peer.read(Register.class), AgentxError.DUPLICATE_REGISTRATION);
            peer.respond(peer.read(Register.class), AgentxError.NO_ERROR);
            assertServes(peer);
            for (int i = 0; i < 3; i++) {
                Register again = peer.read(Register.class);
                assertEquals(SampleTree.FIRST, again.subtree());
                peer.respond(again, AgentxError.DUPLICATE_REGISTRATION);
            }
            peer.respond(peer.read(Register.class), AgentxError.NO_ERROR);
            assertEquals(Set.copyOf(SUBTREES), peer.registered());
            assertServes(peer);
        }
    }

    @Test
    void aSessionThatIsRefusedIsOpenedAgain() throws Exception {
        try (FakeMaster master = listen(Kind.UNIX)) {
            start(master.socket(), PATIENT);
            FakeMaster.Peer refused = master.accept();
            refused.respond(refused.read(Open.class), AgentxError.OPEN_FAILED);
            refused.awaitEnd();
            assertServes(master.acceptSession(2));
        }
    }

    @Test
    void aMasterThatDoesNotKnowTheSessionGetsANewOne() throws Exception {
        try (FakeMaster master = listen(Kind.UNIX)) {
            master.answersPings = false;
            start(master.socket(), with(PATIENT.response(), Duration.ofMillis(20), PATIENT.unwritable()));
            FakeMaster.Peer peer = master.acceptSession(2);
            peer.respond(peer.read(Ping.class), AgentxError.NOT_OPEN);
            peer.awaitEnd();
            master.answersPings = true;
            assertServes(master.acceptSession(2));
        }
    }

    @Test
    void aMasterThatClosesTheSessionGetsANewOne() throws Exception {
        try (FakeMaster master = listen(Kind.UNIX)) {
            start(master.socket(), PATIENT);
            FakeMaster.Peer peer = master.acceptSession(2);
            peer.write(new Close(peer.header(0), 5));
            peer.awaitEnd();
            assertServes(master.acceptSession(2));
        }
    }

    /** The master neither reads nor closes: what it has accepted never gets a response. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aMasterThatHangsIsLeft(boolean opens) throws Exception {
        try (FakeMaster master = listen(Kind.UNIX)) {
            master.answersPings = false;
            start(master.socket(), with(Duration.ofMillis(300), Duration.ofMillis(20), PATIENT.unwritable()));
            FakeMaster.Peer hanging = opens ? master.acceptSession(2) : master.accept();
            hanging.awaitEnd();
            master.answersPings = true;
            FakeMaster.Peer peer = master.acceptSession(2);
            assertServes(peer);
        }
    }

    @Test
    void malformedBytesEndTheSession() throws Exception {
        try (FakeMaster master = listen(Kind.UNIX)) {
            start(master.socket(), PATIENT);
            FakeMaster.Peer peer = master.acceptSession(2);
            assertServes(peer);
            peer.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals(
                    AgentxPdu.CloseReason.PARSE_ERROR.code(),
                    peer.read(Close.class).reason());
            peer.awaitEnd();
            assertServes(master.acceptSession(2));
            assertEquals(1, observer.count(Request.AGENTX_MALFORMED));
        }
    }

    @Test
    void randomBytesOnlyEndTheSession() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("AgentxSessionTest seed=" + seed);
        Random random = new Random(seed);
        try (FakeMaster master = listen(Kind.UNIX)) {
            start(master.socket(), PATIENT);
            for (int i = 0; i < 20; i++) {
                FakeMaster.Peer peer = master.acceptSession(2);
                byte[] bytes = new byte[200];
                random.nextBytes(bytes);
                bytes[0] = (byte) (random.nextBoolean() ? 1 : 0);
                bytes[1] = (byte) random.nextInt(20);
                ByteBuffer.wrap(bytes).putInt(16, random.nextBoolean() ? 0 : 100);
                try {
                    peer.write(bytes);
                } catch (IOException e) {
                    // already closed
                }
                peer.close();
            }
            assertServes(master.acceptSession(2));
        }
    }

    @Test
    void aMasterThatEndsInTheMiddleOfAPduIsLeft() throws Exception {
        try (FakeMaster master = listen(Kind.UNIX)) {
            start(master.socket(), PATIENT);
            FakeMaster.Peer peer = master.acceptSession(2);
            byte[] bytes = AgentxCodec.encode(new Get(
                    peer.header(1), Optional.empty(), List.of(new SearchRange(SampleTree.NUMBER, false, NO_OID))));
            for (int length = 1; length < bytes.length; length += 7) {
                peer.write(Arrays.copyOf(bytes, length));
                peer.close();
                peer = master.acceptSession(2);
            }
            assertServes(peer);
        }
    }

    @Test
    void aPduThatArrivesByteByByteIsServed() throws Exception {
        try (FakeMaster master = FakeMaster.listenOnLoopback()) {
            start(master.socket(), PATIENT);
            FakeMaster.Peer peer = master.acceptSession(2);
            byte[] bytes = AgentxCodec.encode(new Get(
                    peer.header(1), Optional.empty(), List.of(new SearchRange(SampleTree.NUMBER, false, NO_OID))));
            for (byte b : bytes) {
                peer.write(new byte[] {b});
            }
            assertEquals(
                    42,
                    peer.read(AgentxPdu.Response.class)
                            .bindings()
                            .getFirst()
                            .getVariable()
                            .toInt());
        }
    }

    /** A client of the master can cause a request of any length; the session must not end because of it. */
    @Test
    void aRequestThatIsTooLongIsSkipped() throws Exception {
        try (FakeMaster master = listen(Kind.UNIX)) {
            start(master.socket(), PATIENT);
            FakeMaster.Peer peer = master.acceptSession(2);
            SearchRange range = new SearchRange(SampleTree.NUMBER, false, NO_OID);
            Get get = new Get(peer.header(1), Optional.empty(), Collections.nCopies(5_000, range));
            peer.write(get);
            AgentxPdu.Response response = peer.read(AgentxPdu.Response.class);
            assertEquals(get.header(), response.header());
            assertTrue(response.isError(AgentxError.TOO_BIG));
            assertServes(peer);
        }
    }

    /** What a master leaves unread is limited, and so are the requests that are processed for it. */
    @Test
    void aMasterThatDoesNotReadIsLeft() throws Exception {
        try (FakeMaster master = FakeMaster.listenOnLoopback()) {
            start(master.socket(), with(PATIENT.response(), PATIENT.ping(), Duration.ofMillis(500)));
            FakeMaster.Peer slow = master.acceptSession(2);
            slow.stopReading();
            source.trees = () -> CompletableFuture.completedFuture(Optional.of(SampleTree.of(42, 5_000, _ -> 1)));
            GetBulk bulk = new GetBulk(
                    slow.header(1),
                    Optional.empty(),
                    0,
                    1_000,
                    List.of(new SearchRange(SampleTree.FIRST, false, NO_OID)));
            byte[] bytes = AgentxCodec.encode(bulk);
            Thread writer = Thread.ofVirtual().start(() -> writeWithoutEnd(slow, bytes));
            FakeMaster.Peer next = master.acceptSession(2);
            writer.join();
            int responses = source.calls.get();
            // those in the buffers of the kernel, and those up to the high-water mark
            assertTrue(responses < 1_000, () -> responses + " responses of 32 KiB");
            source.trees = new FakeSource().trees;
            assertServes(next);
        }
    }

    private static void writeWithoutEnd(FakeMaster.Peer peer, byte[] bytes) {
        try {
            while (true) {
                peer.write(bytes);
            }
        } catch (IOException e) {
            // the subagent has closed the connection
        }
    }

    @Test
    void closeEndsTheSessionAndTheThread() throws Exception {
        try (FakeMaster master = listen(Kind.UNIX)) {
            start(master.socket(), PATIENT);
            FakeMaster.Peer peer = master.acceptSession(2);
            assertServes(peer);
            session.orElseThrow().close();
            assertEquals(
                    AgentxPdu.CloseReason.SHUTDOWN.code(),
                    peer.read(Close.class).reason());
            peer.awaitEnd();
            session.orElseThrow().close();
            session.orElseThrow().notify(SampleTree.FIRST, List.of());
            assertEquals(1, observer.count(Delivery.FAILED));
            awaitNoThread();
        }
    }

    @Test
    void closeEndsTheThreadWithoutAMaster() throws Exception {
        start(new Socket.Unix(directory.resolve("none")), PATIENT);
        session.orElseThrow().close();
        awaitNoThread();
    }

    private static void awaitNoThread() throws InterruptedException {
        for (int i = 0; i < 3_000 && isRunning(); i++) {
            Thread.sleep(10);
        }
        assertFalse(isRunning());
    }

    private static boolean isRunning() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(t -> t.getName().equals("agentx"));
    }
}
