package io.lvsd.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.value.LogFacility;
import io.lvsd.conf.value.LogFormat;
import io.lvsd.conf.value.LogLevel;
import io.lvsd.core.log.format.JournalDatagram;
import io.lvsd.core.log.format.Lines;
import io.lvsd.core.log.format.LogRecord;
import io.lvsd.core.log.format.SyslogDatagram;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The targets journal and syslog against real sockets. */
@Timeout(60)
final class DatagramSinkTest {
    private static final Instant TIME = Instant.parse("2026-05-01T12:00:00.123Z");
    private static final int PID = 42;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Path path() {
        return directory.resolve("socket");
    }

    private DatagramSink journal(LogFormat format) {
        Lines lines = new Lines(format, ZoneOffset.UTC);
        return new DatagramSink("journal", path(), new JournalDatagram(lines, LogFacility.LOCAL3, PID)::of);
    }

    private DatagramSink syslog(LogFormat format) {
        Lines lines = new Lines(format, ZoneOffset.UTC);
        return new DatagramSink("syslog", path(), new SyslogDatagram(lines, LogFacility.LOCAL3, PID)::of);
    }

    private static LogRecord down(Object... more) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("vs", "192.0.2.1:80/tcp");
        fields.put("rs", "10.0.0.11:80");
        fields.put("failures", 3);
        for (int i = 0; i < more.length; i += 2) {
            fields.put(more[i].toString(), more[i + 1]);
        }
        return LogRecord.of(TIME, LogLevel.WARN, "rs.down", fields);
    }

    private static LogRecord withTrace(String trace) {
        return new LogRecord(TIME, LogLevel.ERROR, "snmp.failed", "", new LinkedHashMap<>(), "io.lvsd.snmp.X", trace);
    }

    @Test
    void theJournalReceivesEachFieldOfAnEvent() throws IOException, InterruptedException {
        try (DatagramReceiver receiver = new DatagramReceiver(path());
                DatagramSink sink = journal(LogFormat.TEXT)) {
            sink.write(down("got", "a=b \"c\"\u0001"));
            Map<String, String> expected = new LinkedHashMap<>();
            expected.put(
                    "MESSAGE",
                    "event=rs.down vs=192.0.2.1:80/tcp rs=10.0.0.11:80 failures=3 got=\"a=b \\\"c\\\"\\x01\"");
            expected.put("PRIORITY", "4");
            expected.put("SYSLOG_IDENTIFIER", "lvsd");
            expected.put("SYSLOG_FACILITY", "19");
            expected.put("SYSLOG_PID", "42");
            expected.put("LVSD_EVENT", "rs.down");
            expected.put("LVSD_VS", "192.0.2.1:80/tcp");
            expected.put("LVSD_RS", "10.0.0.11:80");
            expected.put("LVSD_FAILURES", "3");
            expected.put("LVSD_GOT", "a=b \"c\"\u0001");
            expected.put("LVSD_LOGGER", "io.lvsd.core.log");
            assertEquals(expected, DatagramReceiver.fields(receiver.next()));
        }
    }

    @Test
    void aValueWithLineEndsKeepsThemAndCannotForgeAField() throws IOException, InterruptedException {
        try (DatagramReceiver receiver = new DatagramReceiver(path());
                DatagramSink sink = journal(LogFormat.TEXT)) {
            String trace = "java.io.IOException: x\n\tat A.b\nPRIORITY=0\n";
            sink.write(withTrace(trace));
            Map<String, String> fields = DatagramReceiver.fields(receiver.next());
            assertEquals(trace, fields.get("LVSD_TRACE"));
            assertEquals("3", fields.get("PRIORITY"));
        }
    }

    /** The datagram must fit into the socket buffer of the kernel, 208 KiB by default. */
    @Test
    void aLineThatIsLargerThanADatagramIsCutAndArrives() throws IOException, InterruptedException {
        try (DatagramReceiver receiver = new DatagramReceiver(path());
                DatagramSink sink = journal(LogFormat.TEXT)) {
            Object[] large = new Object[60];
            for (int i = 0; i < large.length; i += 2) {
                large[i] = "key_" + i;
                large[i + 1] = "ä".repeat(20_000);
            }
            sink.write(down(large));
            byte[] datagram = receiver.next();
            assertTrue(datagram.length > 100_000 && datagram.length <= 128 * 1024 + 64, () -> "" + datagram.length);
            Map<String, String> fields = DatagramReceiver.fields(datagram);
            assertEquals("192.0.2.1:80/tcp", fields.get("LVSD_VS"));
            assertEquals("ä".repeat(8 * 1024), fields.get("LVSD_KEY_0"));
            assertFalse(fields.containsKey("LVSD_KEY_58"), "further fields are left out");
            sink.write(down());
            assertEquals("rs.down", DatagramReceiver.fields(receiver.next()).get("LVSD_EVENT"));
        }
    }

    @Test
    void syslogReceivesPriorityTimeTagAndLine() throws IOException, InterruptedException {
        try (DatagramReceiver receiver = new DatagramReceiver(path());
                DatagramSink sink = syslog(LogFormat.TEXT)) {
            sink.write(down());
            assertEquals(
                    "<156>May  1 12:00:00 lvsd[42]: WARN event=rs.down vs=192.0.2.1:80/tcp rs=10.0.0.11:80 failures=3",
                    receiver.nextText());
        }
    }

    @Test
    void aSyslogLineIsCutBetweenTwoCharactersAndHasNoLineEnd() throws IOException, InterruptedException {
        try (DatagramReceiver receiver = new DatagramReceiver(path());
                DatagramSink sink = syslog(LogFormat.TEXT)) {
            sink.write(withTrace("line\n" + "ä".repeat(10_000)));
            byte[] datagram = receiver.next();
            String text = new String(datagram, java.nio.charset.StandardCharsets.UTF_8);
            assertTrue(datagram.length <= 8 * 1024 && datagram.length > 8 * 1024 - 4, () -> "" + datagram.length);
            assertTrue(text.contains("trace=\"line\\n"), text);
            assertFalse(text.contains("\n") || text.contains("\ufffd"), text);
        }
    }

    @Test
    void keepalivedsLinesAreADatagramEach() throws IOException, InterruptedException {
        try (DatagramReceiver receiver = new DatagramReceiver(path());
                DatagramSink sink = syslog(LogFormat.CLASSIC)) {
            sink.write(down("check", "TCP_CHECK", "reason", "connect_refused", "table", "removed"));
            String head = "<156>May  1 12:00:00 Keepalived_healthcheckers[42]: ";
            assertEquals(head + "TCP_CHECK on service [10.0.0.11]:tcp:80 failed after 2 retries.", receiver.nextText());
            assertEquals(head + "Removing service [10.0.0.11]:tcp:80 from VS [192.0.2.1]:tcp:80", receiver.nextText());
        }
    }

    @Test
    void aReceiverThatWasRestartedReceivesTheNextLine() throws IOException, InterruptedException {
        try (DatagramSink sink = syslog(LogFormat.TEXT)) {
            try (DatagramReceiver receiver = new DatagramReceiver(path())) {
                sink.write(down("n", 1));
                assertTrue(receiver.nextText().endsWith("n=1"));
            }
            IOException absent = assertThrows(IOException.class, () -> sink.write(down("n", 2)));
            assertTrue(String.valueOf(absent.getMessage()).contains(path().toString()), absent::toString);
            try (DatagramReceiver receiver = new DatagramReceiver(path())) {
                sink.write(down("n", 3));
                assertTrue(receiver.nextText().endsWith("n=3"));
            }
        }
    }

    /** The kernel queues some datagrams of a receiver that does not read; then a write ends with an error. */
    @Test
    void aReceiverThatDoesNotReadIsAnErrorAfterATimeout() throws IOException {
        try (DatagramReceiver receiver = new DatagramReceiver(path());
                DatagramSink sink = syslog(LogFormat.TEXT)) {
            receiver.pause();
            IOException full = assertThrows(IOException.class, () -> {
                for (int i = 0; i < 10_000; i++) {
                    sink.write(down("n", i, "text", "x".repeat(4_000)));
                }
            });
            assertEquals(path() + ": timeout: the receiver has not read for 1000 ms", full.getMessage());
        }
    }
}
