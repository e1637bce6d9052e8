package io.lvsd.core.control;

import io.lvsd.snmp.SnmpSource;
import io.lvsd.snmp.Walks;
import io.lvsd.snmp.mib.MibTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.snmp4j.asn1.BERInputStream;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/**
 * Requests for values of the MIBs, as {@code lvsd pass-persist} sends them: {@code snmp-get OID} and {@code snmp-next OID}. The reply is the
 * instance with its value, in BER as hexadecimal digits, or empty if there is none. Thread-safe.
 */
public final class SnmpRequests {
    private static final int USAGE = 2;
    private static final int FAILED = 1;
    private static final long TIMEOUT_SECONDS = 2;

    private final SnmpSource source;
    // guarded by this
    private final Walks walks = new Walks();

    SnmpRequests(SnmpSource source) {
        this.source = source;
    }

    Reply handle(List<String> words) {
        Optional<OID> oid = words.size() == 2 ? oid(words.get(1)) : Optional.empty();
        if (oid.isEmpty()) {
            return new Reply(USAGE, "expected an object identifier\n");
        }
        Optional<MibTree> tree = tree();
        if (tree.isEmpty()) {
            return new Reply(FAILED, "the daemon has not read the IPVS table yet\n");
        }
        VariableBinding found =
                words.getFirst().equals("snmp-get") ? get(tree.get(), oid.get()) : next(tree.get(), oid.get());
        return new Reply(0, found == null ? "" : encoded(found));
    }

    private static @Nullable VariableBinding get(MibTree tree, OID oid) {
        Variable value = tree.get(oid);
        return value.isException() ? null : new VariableBinding(oid, value);
    }

    /** snmpd is the only client, so the last instance identifies a walk. */
    private synchronized @Nullable VariableBinding next(MibTree current, OID oid) {
        long now = System.nanoTime();
        MibTree tree = walks.tree("pass", oid, current, now);
        VariableBinding found = tree.next(oid, false, false);
        if (found != null) {
            walks.ended("pass", found.getOid(), tree, now);
        }
        return found;
    }

    private Optional<MibTree> tree() {
        try {
            return source.tree().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    private static Optional<OID> oid(String text) {
        try {
            return Optional.of(new OID(text)).filter(OID::isValid);
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private static String encoded(VariableBinding binding) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            binding.encodeBER(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    /**
     * The instance of a reply; empty if there is none.
     *
     * @throws IOException if the reply is an error, or malformed
     */
    public static Optional<VariableBinding> decoded(Reply reply) throws IOException {
        if (reply.status() != 0) {
            throw new IOException(reply.body().strip());
        }
        if (reply.body().isEmpty()) {
            return Optional.empty();
        }
        try {
            VariableBinding binding = new VariableBinding();
            binding.decodeBER(new BERInputStream(ByteBuffer.wrap(HexFormat.of().parseHex(reply.body()))));
            return Optional.of(binding);
        } catch (IllegalArgumentException e) {
            throw new IOException("malformed reply", e);
        }
    }
}
