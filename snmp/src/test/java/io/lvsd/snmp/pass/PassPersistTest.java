package io.lvsd.snmp.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.snmp.mib.MibTree;
import io.lvsd.snmp.mib.SampleTree;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.IpAddress;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Opaque;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** The lines that snmpd and the command exchange. */
final class PassPersistTest {
    /** Looks up in a tree; an instance below 1.9 cannot be read. */
    private static final class InTree implements PassPersist.Lookup {
        private final MibTree tree = SampleTree.of(42, 3);

        @Override
        public Optional<VariableBinding> get(OID oid) throws IOException {
            if (oid.startsWith(new OID("1.9"))) {
                throw new IOException("the daemon has ended");
            }
            return Optional.of(new VariableBinding(oid, tree.get(oid)));
        }

        @Override
        public Optional<VariableBinding> next(OID oid) {
            return Optional.ofNullable(tree.next(oid, false, false));
        }
    }

    private String serve(String input) throws IOException {
        StringWriter out = new StringWriter();
        PassPersist.serve(new StringReader(input), out, new InTree());
        return out.toString();
    }

    @Test
    void commandsGetTheirResponses() throws IOException {
        assertEquals("""
            PONG
            .1.3.6.1.4.1.99999.1.1.0
            integer
            42
            .1.3.6.1.4.1.99999.1.2.1.1.1
            string
            row 1
            NONE
            NONE
            """, serve("""
                PING
                get
                .1.3.6.1.4.1.99999.1.1.0
                getnext
                .1.3.6.1.4.1.99999.1.1.0
                get
                .1.3.6.1.4.1.99999.1.5.0
                getnext
                .1.3.6.1.4.1.99999.3
                """));
    }

    @Test
    void anEmptyLineEndsTheCommand() throws IOException {
        assertEquals("PONG\n", serve("PING\n\nPING\n"));
        assertEquals(
                "not-writable\nPONG\n", serve("set\n.1.3\ninteger 1\n\nPING\n\nPING\n"), "snmpd 5.9 ends a value so");
        assertEquals("not-writable\n", serve("set\n.1.3\ninteger 1\n\n\nPING\n"));
        assertEquals("", serve(""));
        assertEquals("NONE\n", serve("get"));
        assertEquals("not-writable\n", serve("set\n"));
    }

    @Test
    void aWalkHasEveryInstanceOnce() throws IOException {
        int rows = 0;
        String oid = ".1.3.6.1.4.1.99999";
        String response = serve("getnext\n" + oid + "\n");
        while (!response.equals("NONE\n")) {
            rows++;
            oid = response.lines().findFirst().orElseThrow();
            response = serve("getnext\n" + oid + "\n");
        }
        assertEquals(1 + 6 * 3 + 2 + 1, rows);
    }

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of(new Integer32(-5), "integer\n-5"),
                Arguments.of(new Counter32(4294967295L), "counter\n4294967295"),
                Arguments.of(new Gauge32(4294967295L), "gauge\n4294967295"),
                Arguments.of(new TimeTicks(123456), "timeticks\n123456"),
                Arguments.of(new Counter64(-1), "counter64\n18446744073709551615"),
                Arguments.of(new IpAddress("192.0.2.1"), "ipaddress\n192.0.2.1"),
                Arguments.of(new OID("1.3.6.1.4294967295"), "objectid\n.1.3.6.1.4294967295"),
                Arguments.of(new OctetString("a \"b\""), "string\na \"b\""),
                Arguments.of(new OctetString(""), "string\n"),
                Arguments.of(new OctetString("a\nb"), "octet\n61 0a 62"),
                Arguments.of(new OctetString(" a"), "octet\n20 61"),
                Arguments.of(new OctetString(new byte[] {(byte) 0xff, 0}), "octet\nff 00"),
                Arguments.of(new Opaque(new byte[] {1}), null),
                Arguments.of(Null.noSuchInstance, null));
    }

    @ParameterizedTest
    @MethodSource("values")
    void valuesHaveTheTypesOfSnmpd(Variable value, String expected) {
        Optional<String> text = PassValues.text(new VariableBinding(new OID("1.3"), value));
        assertEquals(Optional.ofNullable(expected).map(e -> ".1.3\n" + e), text);
    }

    @Test
    void nothingCanBeSet() throws IOException {
        for (String value : List.of("integer 1", "integer", "string \"a b\"", "x", "")) {
            assertEquals("not-writable\nPONG\n", serve("set\n.1.3\n" + value + "\nPING\n"), value);
        }
        assertEquals("not-writable\n", serve("set\nx\ninteger 1\n"));
    }

    @Test
    void aDaemonThatHasEndedIsNoValue() throws IOException {
        assertEquals("NONE\nnot-writable\nPONG\n", serve("get\n.1.9.1\nset\n.1.9.1\ninteger 1\nPING\n"));
    }

    @Test
    void invalidLinesGetNoValue() throws IOException {
        String tooLong = "1." + "3.".repeat(PassPersist.MAX_LINE) + "3";
        for (String oid : List.of(".", "x", ".1..2", ".1.", "1.4294967296", "1.99999999999", ".1.-1", tooLong)) {
            assertEquals("NONE\nPONG\n", serve("get\n" + oid + "\nPING\n"), oid);
        }
        assertEquals("NONE\nNONE\nPONG\n", serve("GET\n" + tooLong + "\nPING\n"));
    }

    @Test
    void randomInputIsReadToItsEnd() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("PassPersistTest seed=" + seed);
        Random random = new Random(seed);
        String[] words = {
            "get", "getnext", "set", "PING", ".1.3.6", "1", "integer", "octet", " ", ".", "\u0000", "é", "\r"
        };
        for (int i = 0; i < 5_000; i++) {
            StringBuilder input = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) {
                input.append(words[random.nextInt(words.length)]).append(random.nextBoolean() ? "\n" : " ");
            }
            long responses = serve(input.toString()).lines().count();
            assertTrue(responses <= 3 * input.toString().lines().count(), () -> "seed " + seed + ": " + input);
        }
    }
}
