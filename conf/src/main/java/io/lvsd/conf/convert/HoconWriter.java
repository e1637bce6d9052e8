package io.lvsd.conf.convert;

import io.lvsd.conf.hocon.HoconTimes;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.PairType;
import io.lvsd.conf.keyword.ServerKeywords;
import io.lvsd.conf.keyword.Shape;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Problems;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Nodes as HOCON. */
final class HoconWriter {
    private static final Set<String> SWITCHES = Set.of("on", "true", "yes", "off", "false", "no");

    private final Problems lost;
    private final StringBuilder out = new StringBuilder();

    HoconWriter(Problems lost) {
        this.lost = lost;
    }

    String write(List<Node> nodes) {
        block(nodes, 0);
        return out.toString();
    }

    private void block(List<Node> nodes, int depth) {
        Map<Keyword<?>, List<Node>> groups = new LinkedHashMap<>();
        nodes.forEach(
                n -> groups.computeIfAbsent(n.keyword(), _ -> new ArrayList<>()).add(n));
        groups.values().forEach(group -> group(group, depth));
    }

    /** All nodes of one keyword in a block: one key. */
    private void group(List<Node> nodes, int depth) {
        Node first = nodes.getFirst();
        String key = first.keyword().name();
        switch (first.shape()) {
            case Shape.Time time -> value(nodes, time(first, time), depth);
            case Shape.Pairs pairs -> line(depth, key + " { " + String.join(", ", pairs(first, pairs)) + " }");
            case Shape.Simple simple -> simple(nodes, simple, depth);
        }
    }

    private void simple(List<Node> nodes, Shape.Simple shape, int depth) {
        Node first = nodes.getFirst();
        String key = first.keyword().name();
        switch (shape) {
            case WORD -> value(nodes, word(first), depth);
            case WORDS -> nodes.forEach(n -> value(List.of(n), words(n), depth));
            case TEXTS -> {
                List<String> texts =
                        nodes.stream().map(n -> text(n.words().getFirst())).toList();
                value(nodes, texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]", depth);
            }
            case PHRASES ->
                value(
                        nodes,
                        "["
                                + String.join(
                                        ", ",
                                        nodes.stream().map(HoconWriter::phrase).toList()) + "]",
                        depth);
            case ENDPOINT -> value(nodes, text(endpoint(first.words())), depth);
            case SCRIPT -> value(nodes, script(first), depth);
            case NETWORKS -> line(depth, key + " { " + String.join(", ", networks(nodes)) + " }");
            case LINES -> line(depth, key + " = " + lines(first));
            case OBJECT -> object(key + " {", first.inside(), "}", depth);
            case OBJECTS, SERVERS -> objects(key, nodes, depth);
            case NAMED_OBJECTS -> {
                line(depth, key + " {");
                nodes.forEach(n -> object(key(n.words().getFirst()) + " {", n.inside(), "}", depth + 1));
                line(depth, "}");
            }
            case NAMED_LINES -> {
                line(depth, key + " {");
                nodes.forEach(n -> line(depth + 1, key(n.words().getFirst()) + " = " + lines(n)));
                line(depth, "}");
            }
            case VIRTUAL_SERVERS -> {
                line(depth, key + " {");
                Set<String> labels = new HashSet<>();
                nodes.forEach(n -> virtualServer(n, labels, depth + 1));
                line(depth, "}");
            }
        }
    }

    private void line(int depth, String text) {
        out.append("  ".repeat(depth)).append(text).append('\n');
    }

    private void value(List<Node> nodes, String value, int depth) {
        line(depth, nodes.getFirst().keyword().name() + " = " + value);
    }

    private void object(String open, List<Node> inside, String close, int depth) {
        if (inside.isEmpty()) {
            line(depth, open + close);
            return;
        }
        line(depth, open);
        block(inside, depth + 1);
        line(depth, close);
    }

    private void objects(String key, List<Node> nodes, int depth) {
        boolean servers = nodes.getFirst().shape() == Shape.Simple.SERVERS;
        if (nodes.size() == 1 && !servers) {
            object(key + " {", nodes.getFirst().inside(), "}", depth);
            return;
        }
        line(depth, key + " = [");
        for (Node node : nodes) {
            line(depth + 1, "{");
            if (servers) {
                line(depth + 2, "address = " + text(endpoint(node.words())));
            }
            block(node.inside(), depth + 2);
            line(depth + 1, "}");
        }
        line(depth, "]");
    }

    private void virtualServer(Node node, Set<String> labels, int depth) {
        List<String> words = node.words();
        boolean marked = words.getFirst().equals("fwmark") || words.getFirst().equals("group");
        if (marked && words.size() < 2) {
            lost.warning(
                    node.statement().origin(),
                    "'virtual_server " + words.getFirst() + "' is not converted: it has no value");
            return;
        }
        String head = marked ? words.getFirst() + " = " + text(words.get(1)) : "address = " + text(endpoint(words));
        List<Node> inside = new ArrayList<>(node.inside());
        String label = label(node, words, labels);
        inside.removeIf(
                n -> n.is(ServerKeywords.SNMP_NAME) && n.words().getFirst().equals(label));
        line(depth, key(label) + " {");
        line(depth + 1, head);
        block(inside, depth + 1);
        line(depth, "}");
    }

    /** The server's name, or what it is with a colon in it, which is no name. */
    private static String label(Node node, List<String> words, Set<String> labels) {
        String name = node.inside().stream()
                .filter(n -> n.is(ServerKeywords.SNMP_NAME))
                .map(n -> n.words().getFirst())
                .filter(n -> !n.isEmpty() && n.indexOf(':') < 0 && n.indexOf('/') < 0)
                .findFirst()
                .orElse("");
        if (!name.isEmpty() && labels.add(name)) {
            return name;
        }
        String protocol = node.inside().stream()
                .filter(n -> n.is(ServerKeywords.PROTOCOL))
                .map(n -> "/" + n.words().getFirst().toLowerCase(Locale.ROOT))
                .findFirst()
                .orElse("");
        String base =
                (words.size() > 1 && !IpAddresses.address(words.getFirst()).isPresent()
                                ? words.getFirst() + ":" + words.get(1)
                                : endpoint(words).contains(":") ? endpoint(words) : "address:" + words.getFirst())
                        + protocol;
        String label = base;
        for (int i = 2; !labels.add(label); i++) {
            label = base + "#" + i;
        }
        return label;
    }

    // ---- values

    private String word(Node node) {
        if (node.words().isEmpty()) {
            return "on";
        }
        String word = node.words().getFirst();
        boolean value = node.keyword().type().isOptional()
                && !node.keyword().type().form().equals("[on|off]");
        if (value && SWITCHES.contains(word)) {
            lost.warning(
                    node.statement().origin(), "'" + node.keyword().name() + " " + word + "' is converted to a switch");
        }
        return text(word);
    }

    private static String words(Node node) {
        List<String> words = node.words();
        if (words.isEmpty()) {
            return "on";
        }
        boolean word = words.size() == 1 && words.getFirst().matches("\\S+");
        boolean plain = word && !(node.keyword().type().isOptional() && SWITCHES.contains(words.getFirst()));
        return plain
                ? text(words.getFirst())
                : "[" + String.join(", ", words.stream().map(HoconWriter::text).toList()) + "]";
    }

    private static String phrase(Node node) {
        List<String> words = node.words();
        return words.stream().allMatch(w -> w.matches("\\S+"))
                ? quoted(String.join(" ", words))
                : "[" + String.join(", ", words.stream().map(HoconWriter::text).toList()) + "]";
    }

    private static String time(Node node, Shape.Time time) {
        return node.words().isEmpty() ? "on" : HoconTimes.text(node.words().getFirst(), time.unit());
    }

    private static List<String> pairs(Node node, Shape.Pairs shape) {
        return PairType.pairs(node.statement(), shape).stream()
                .map(p -> p.name() + " = " + pairValue(p.name(), p.word().text().strip(), shape))
                .toList();
    }

    private static String pairValue(String name, String value, Shape.Pairs shape) {
        return shape.times().contains(name) ? HoconTimes.text(value, ChronoUnit.SECONDS) : text(value);
    }

    private static String script(Node node) {
        List<String> words = node.words();
        if (words.size() == 1) {
            return text(words.getFirst());
        }
        String group = words.size() > 2 ? ", group = " + text(words.get(2)) : "";
        return "{ script = " + text(words.getFirst()) + ", user = " + text(words.get(1)) + group + " }";
    }

    private static List<String> networks(List<Node> nodes) {
        Map<String, List<String>> networks = new LinkedHashMap<>();
        for (Node node : nodes) {
            String network = node.words().size() > 1 ? node.words().get(1) : "127.0.0.0/8";
            networks.computeIfAbsent(node.words().getFirst(), _ -> new ArrayList<>())
                    .add(text(network));
        }
        return networks.entrySet().stream()
                .map(e -> key(e.getKey()) + " = [" + String.join(", ", e.getValue()) + "]")
                .toList();
    }

    private static String lines(Node node) {
        return "["
                + String.join(
                        ", ", node.lines().stream().map(HoconWriter::entry).toList()) + "]";
    }

    private static String entry(List<String> words) {
        boolean spaced = words.stream().anyMatch(w -> w.isEmpty() || w.matches(".*\\s.*"));
        String first = words.getFirst();
        if (spaced || words.size() == 1 && first.indexOf(':') >= 0 && first.indexOf(':') == first.lastIndexOf(':')) {
            return "[" + String.join(", ", words.stream().map(HoconWriter::text).toList()) + "]";
        }
        boolean address = words.size() == 2
                && first.matches("[0-9A-Fa-f:.]+[-/0-9A-Fa-f:.]*")
                && words.get(1).matches("\\d+");
        return text(address ? endpoint(words) : String.join(" ", words));
    }

    /** {@code ADDRESS:PORT}, an IPv6 address in brackets. */
    private static String endpoint(List<String> words) {
        String host = words.getFirst();
        if (words.size() == 1) {
            return host;
        }
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + words.get(1);
    }

    private static String key(String text) {
        return text.matches("[A-Za-z_][\\w-]*") ? text : quoted(text);
    }

    /** A number or a plain word as it is, anything else in quotes. */
    private static String text(String text) {
        boolean plain = text.matches("[A-Za-z][\\w-]*") && !text.equals("null") || text.matches("0|[1-9]\\d{0,17}");
        return plain ? text : quoted(text);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                default -> {
                    if (c < ' ') {
                        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
