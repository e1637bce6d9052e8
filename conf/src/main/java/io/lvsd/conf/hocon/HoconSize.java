package io.lvsd.conf.hocon;

import io.lvsd.conf.hocon.HoconScanner.Definition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An upper bound of the size of values after references are replaced, computed without replacing any. A
 * few lines that each refer twice to the one before would otherwise fill the memory.
 */
final class HoconSize {
    private static final class Node {
        final Map<String, Node> children = new HashMap<>();
        final List<Definition> definitions = new ArrayList<>();
    }

    private final Node root = new Node();
    private final List<Definition> all = new ArrayList<>();
    private final Map<List<String>, Double> known = new HashMap<>();
    private final Set<List<String>> open = new HashSet<>();

    void add(List<Definition> definitions) {
        all.addAll(definitions);
        for (Definition definition : definitions) {
            Node node = root;
            for (String name : definition.path()) {
                node = node.children.computeIfAbsent(name, _ -> new Node());
            }
            node.definitions.add(definition);
        }
    }

    /** Characters that all values come to, at most; larger than any limit if it is beyond counting. */
    double bound() {
        if (all.stream().allMatch(d -> d.references().isEmpty())) {
            return 0;
        }
        double sum = 0;
        for (Definition definition : all) {
            sum += definition.length();
            for (List<String> reference : definition.references()) {
                sum += reference.equals(definition.path()) ? 0 : of(reference);
            }
        }
        return sum
                + all.stream()
                        .filter(Definition::appends)
                        .map(Definition::path)
                        .distinct()
                        .mapToDouble(this::of)
                        .sum();
    }

    /** The values that a reference to a path can have. */
    private double of(List<String> path) {
        Double before = known.get(path);
        if (before != null) {
            return before;
        }
        if (!open.add(path)) {
            return 0;
        }
        Node node = root;
        double sum = 0;
        for (String name : path) {
            sum = grown(node.definitions, path, sum);
            Node next = node.children.get(name);
            if (next == null) {
                open.remove(path);
                known.put(path, sum);
                return sum;
            }
            node = next;
        }
        sum = below(node, path, sum);
        open.remove(path);
        known.put(path, sum);
        return sum;
    }

    private double below(Node node, List<String> path, double before) {
        double sum = grown(node.definitions, path, before);
        for (Node child : node.children.values()) {
            sum = below(child, path, sum);
        }
        return sum;
    }

    /** Each definition of a path may contain the result of the earlier ones as often as it refers to itself. */
    private double grown(List<Definition> definitions, List<String> path, double before) {
        double sum = before;
        for (Definition definition : definitions) {
            double size = definition.length();
            for (List<String> reference : definition.references()) {
                size += reference.equals(path) || reference.equals(definition.path()) ? sum : of(reference);
            }
            sum += size;
        }
        return sum;
    }
}
