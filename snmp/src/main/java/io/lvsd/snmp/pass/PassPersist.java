package io.lvsd.snmp.pass;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.VariableBinding;

/**
 * The line protocol of {@code pass_persist} (snmpd.conf(5)): snmpd writes commands, and reads what they have found. It has no
 * RFC. Used by one thread, which waits for input.
 */
public final class PassPersist {
    /** Characters of a line, at most; a longer one is read to its end and counts as invalid. */
    static final int MAX_LINE = 8_192;

    private static final String NONE = "NONE";
    private static final String NOT_WRITABLE = "not-writable";
    /** In place of a line that is too long; no command, identifier or value. */
    private static final String TOO_LONG = "\u0000";

    private final Reader in;
    private final Lookup lookup;

    private PassPersist(Reader in, Lookup lookup) {
        this.in = in;
        this.lookup = lookup;
    }

    /** What commands are answered from. Called by the thread of {@link #serve}; may block. */
    public interface Lookup {
        /**
         * The value of an instance; empty if it does not exist.
         *
         * @throws IOException if it cannot be read; then snmpd gets no value
         */
        Optional<VariableBinding> get(OID oid) throws IOException;

        /**
         * The first instance after an identifier; empty at the end.
         *
         * @throws IOException if it cannot be read; then snmpd gets no value
         */
        Optional<VariableBinding> next(OID oid) throws IOException;
    }

    /**
     * Serves commands until an empty line, other than that after a {@code set}, or the end of the input. Invalid ones get {@code NONE} or an error.
     *
     * @param in should be buffered; snmpd writes ASCII
     * @param out flushed after each response
     * @throws IOException if the input cannot be read or the output cannot be written, as snmpd has ended
     */
    public static void serve(Reader in, Writer out, Lookup lookup) throws IOException {
        PassPersist served = new PassPersist(in, lookup);
        String command = served.line();
        while (command != null && !command.isEmpty()) {
            String response = served.respond(command);
            out.write(response + "\n");
            out.flush();
            boolean set = command.equals("set");
            command = served.line();
            if (set && command != null && command.isEmpty()) { // snmpd 5.9 ends the value with an empty line
                command = served.line();
            }
        }
    }

    private String respond(String command) throws IOException {
        return switch (command) {
            case "PING" -> "PONG";
            case "get" -> found(line(), lookup::get);
            case "getnext" -> found(line(), lookup::next);
            case "set" -> refuseSet();
            default -> NONE;
        };
    }

    private interface Search {
        Optional<VariableBinding> find(OID oid) throws IOException;
    }

    private static String found(@Nullable String oid, Search search) {
        try {
            Optional<OID> parsed = PassValues.oid(oid);
            Optional<VariableBinding> found = parsed.isEmpty() ? Optional.empty() : search.find(parsed.get());
            return found.flatMap(PassValues::text).orElse(NONE);
        } catch (IOException e) {
            return NONE;
        }
    }

    /** No instance can be set: snmpd has no user to pass on, to whom it could be permitted. */
    private String refuseSet() throws IOException {
        var _ = line();
        var _ = line();
        return NOT_WRITABLE;
    }

    /** The next line, without blanks around it; null at the end. */
    private @Nullable String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int c = in.read();
        if (c < 0) {
            return null;
        }
        for (; c >= 0 && c != '\n'; c = in.read()) {
            if (line.length() <= MAX_LINE) {
                line.append((char) c);
            }
        }
        return line.length() > MAX_LINE ? TOO_LONG : line.toString().strip();
    }
}
