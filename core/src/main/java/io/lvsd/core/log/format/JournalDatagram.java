package io.lvsd.core.log.format;

import io.lvsd.conf.value.LogFacility;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Lines in the native protocol of systemd's journal: one datagram of fields, each {@code NAME=VALUE} and a line end, or for a
 * value with line ends {@code NAME}, a line end, the length as 64 bits in little-endian order, the value, and a line end. Each
 * field of the line is a field {@code LVSD_…}.
 *
 * @param pid of this process
 */
public record JournalDatagram(Lines lines, LogFacility facility, long pid) {
    /** Of one value. The kernel's default limit of a datagram is 208 KiB. */
    private static final int MAX_VALUE = 16 * 1024;
    /** Of all fields; further ones are left out. */
    private static final int MAX = 128 * 1024;

    /** A datagram for each line. */
    public List<byte[]> of(LogRecord record) {
        return lines.bare(record).stream().map(line -> of(record, line)).toList();
    }

    private byte[] of(LogRecord record, String line) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        put(out, "MESSAGE", line);
        put(out, "PRIORITY", String.valueOf(Priority.of(record.level())));
        put(out, "SYSLOG_IDENTIFIER", lines.identifier());
        put(out, "SYSLOG_FACILITY", String.valueOf(facility.code()));
        put(out, "SYSLOG_PID", String.valueOf(pid));
        if (record.isEvent()) {
            put(out, "LVSD_EVENT", record.event());
        }
        record.fields().forEach((key, value) -> put(out, name(key), value.toString()));
        put(out, "LVSD_LOGGER", record.logger());
        if (!record.trace().isEmpty()) {
            put(out, "LVSD_TRACE", record.trace());
        }
        return out.toByteArray();
    }

    /** Upper-case letters, digits and underscores, at most 64. */
    private static String name(String key) {
        String name = "LVSD_" + key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]", "_");
        return name.substring(0, Math.min(name.length(), 64));
    }

    private static void put(ByteArrayOutputStream out, String name, String text) {
        byte[] value = Utf8.cut(text.getBytes(StandardCharsets.UTF_8), MAX_VALUE);
        if (out.size() + name.length() + value.length > MAX) {
            return;
        }
        out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        if (text.indexOf('\n') < 0) {
            out.write('=');
        } else {
            out.write('\n');
            out.writeBytes(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(value.length)
                    .array());
        }
        out.writeBytes(value);
        out.write('\n');
    }
}
