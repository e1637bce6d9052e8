package io.lvsd.snmp.mib;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.IpAddresses;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.IpAddress;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.TimeTicks;

/** A tree for tests: a scalar, a table with the weights of real servers, and a scalar in another subtree. */
public final class SampleTree {
    /** The subtree of the first scalar and the table. */
    public static final OID FIRST = new OID("1.3.6.1.4.1.99999.1");
    /** Another subtree. */
    public static final OID SECOND = new OID("1.3.6.1.4.1.99999.2");
    /** The only instance before the table, whose value is the number of the tree. */
    public static final OID NUMBER = new OID("1.3.6.1.4.1.99999.1.1.0");
    /** The only instance of {@link #SECOND}, with the same value. */
    public static final OID NUMBER_AGAIN = new OID("1.3.6.1.4.1.99999.2.1.0");

    private static final OID ENTRY = new OID("1.3.6.1.4.1.99999.1.2.1");

    private SampleTree() {}

    /** The instance of a column (1 to 7) in a row (1 or more). Column 7 is the weight, 6 exists in odd rows only. */
    public static OID instance(int column, int row) {
        return new OID(ENTRY).append(column).append(row);
    }

    /** The identity that {@link MibTree#weight} has for a row. */
    public static Node.Weight server(int row) {
        RsId server = new RsId(IpAddresses.ofBytes(new byte[] {10, 0, 0, (byte) row}), 80);
        return new Node.Weight(new VsId("192.0.2.1:80/tcp"), server);
    }

    /**
     * @param number value of {@link #NUMBER}, and of columns 2 to 5 of each row
     * @param rows of the table
     * @param weights of the rows
     */
    public static MibTree of(int number, int rows, IntFunction<Integer> weights) {
        Rows.Builder<Integer> builder = new Rows.Builder<>(1);
        for (int row = 1; row <= rows; row++) {
            builder.add(row, row);
        }
        List<Column<Integer>> columns = List.of(
                Column.of(1, row -> new OctetString("row " + row)),
                Column.of(2, row -> new Counter32(number)),
                Column.of(3, row -> new Gauge32(number)),
                Column.of(4, row -> new TimeTicks(number)),
                Column.wide(5, row -> new Counter64(1L << 40 | number)),
                Column.<Integer>of(6, row -> new IpAddress(new byte[] {10, 0, 0, row.byteValue()}))
                        .where(row -> row % 2 == 1),
                Column.of(7, row -> new Integer32(weights.apply(row))));
        Table<Integer> table = new Table<>(ENTRY, columns, builder.build(), row -> Optional.of(server(row)));
        return new MibTree(List.of(
                Scalar.of(NUMBER.trim(), new Integer32(number)),
                table,
                Scalar.of(NUMBER_AGAIN.trim(), new Integer32(number))));
    }

    /** A tree whose weights are 1. */
    public static MibTree of(int number, int rows) {
        return of(number, rows, _ -> 1);
    }
}
