package io.lvsd.snmp.mib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** Lookups in random trees, compared with a sorted map of all instances. */
final class MibTreeTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    private final Random random = new Random(SEED);
    private final NavigableMap<OID, Variable> expected = new TreeMap<>();

    private MibTree randomTree() {
        List<Node> nodes = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            OID base = new OID("1.3.6.1.9." + i);
            switch (random.nextInt(3)) {
                case 0 -> {
                    nodes.add(Scalar.of(base, new Integer32(i)));
                    expected.put(new OID(base.getValue(), 0), new Integer32(i));
                }
                case 1 -> nodes.add(new OptionalScalar(base, Optional::empty));
                default -> nodes.add(table(base, 1 + random.nextInt(2)));
            }
        }
        return new MibTree(nodes);
    }

    private Node table(OID entry, int length) {
        Predicate<Integer> odd = row -> row % 2 == 1;
        List<Column<Integer>> columns = List.of(
                Column.of(2, Integer32::new),
                Column.<Integer>of(5, row -> new Integer32(-row)).where(odd),
                Column.<Integer>wide(6, Counter64::new).where(odd),
                Column.wide(7, Counter64::new),
                Column.<Integer>of(9, Integer32::new).where(_ -> false));
        Rows.Builder<Integer> rows = new Rows.Builder<>(length);
        for (int i = random.nextInt(12); i > 0; i--) {
            int first = random.nextInt(4) == 0 ? Integer.MAX_VALUE : random.nextInt(4);
            int second = random.nextInt(4) == 0 ? Integer.MAX_VALUE : random.nextInt(4);
            int row = 8 * (first & 7) + 2 * (second & 3) + random.nextInt(2);
            OID index = length == 1 ? new OID(new int[] {first}) : new OID(new int[] {first, second});
            if (length == 1) {
                rows.add(first, row);
            } else {
                rows.add(first, second, row);
            }
            for (Column<Integer> column : columns) {
                OID oid = new OID(new OID(entry.getValue(), column.number()).getValue(), index.getValue());
                boolean isKnown =
                        expected.containsKey(new OID(new OID(entry.getValue(), 2).getValue(), index.getValue()));
                boolean present = column.present() == null || column.present().test(row);
                if (column.number() == 2 ? !isKnown : present && !doubled.contains(oid)) {
                    expected.putIfAbsent(oid, column.value().apply(row));
                }
            }
            columns.forEach(c ->
                    doubled.add(new OID(new OID(entry.getValue(), c.number()).getValue(), index.getValue())));
        }
        return new Table<>(entry, columns, rows.build());
    }

    private final java.util.Set<OID> doubled = new java.util.HashSet<>();

    private OID randomOid() {
        int[] parts = new int[random.nextInt(10)];
        int[] base = {1, 3, 6, 1, 9};
        for (int i = 0; i < parts.length; i++) {
            parts[i] = i < base.length && random.nextInt(40) > 0 ? base[i] : randomPart();
        }
        return new OID(parts);
    }

    private int randomPart() {
        return switch (random.nextInt(8)) {
            case 0 -> -random.nextInt(2) - 1;
            case 1 -> Integer.MAX_VALUE;
            case 2 -> Integer.MIN_VALUE; // 2147483648
            default -> random.nextInt(10);
        };
    }

    @Test
    void everyLookupIsThatOfASortedMap() {
        for (int round = 0; round < 300; round++) {
            expected.clear();
            doubled.clear();
            MibTree tree = randomTree();
            for (int i = 0; i < 100; i++) {
                OID oid =
                        i % 3 == 0 && !expected.isEmpty() ? expected.firstKey().successor() : randomOid();
                if (i % 5 == 0 && !expected.isEmpty()) {
                    oid = new ArrayList<>(expected.keySet()).get(random.nextInt(expected.size()));
                }
                check(tree, oid);
            }
        }
    }

    private void check(MibTree tree, OID oid) {
        String at = "seed " + SEED + " " + oid;
        Variable known = expected.get(oid);
        assertEquals(known == null, tree.get(oid).isException(), at);
        if (known != null) {
            assertEquals(known, tree.get(oid), at);
        }
        compare(at, expected.higherEntry(oid), tree.next(oid, false, false));
        compare(at, expected.ceilingEntry(oid), tree.next(oid, true, false));
        Map.Entry<OID, Variable> narrow = expected.tailMap(oid, false).entrySet().stream()
                .filter(e -> !(e.getValue() instanceof Counter64))
                .findFirst()
                .orElse(null);
        compare(at, narrow, tree.next(oid, false, true));
    }

    private static void compare(
            String at,
            Map.@org.jspecify.annotations.Nullable Entry<OID, Variable> entry,
            @org.jspecify.annotations.Nullable VariableBinding found) {
        if (entry == null) {
            assertNull(found, at);
            return;
        }
        assertNotNull(found, at);
        assertEquals(entry.getKey(), found.getOid(), at);
        assertEquals(entry.getValue(), found.getVariable(), at);
    }

    @Test
    void aWalkVisitsEveryInstance() {
        MibTree tree = randomTree();
        OID at = new OID("1");
        List<OID> visited = new ArrayList<>();
        for (VariableBinding next = tree.next(at, false, false); next != null; next = tree.next(at, false, false)) {
            at = next.getOid();
            visited.add(at);
        }
        assertEquals(List.copyOf(expected.keySet()), visited, "seed " + SEED);
        assertTrue(tree.weight(at).isEmpty());
    }
}
