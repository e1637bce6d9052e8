package io.lvsd.conf.keyword;

import io.lvsd.conf.source.HostReference.Kind;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import io.lvsd.conf.value.Community;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Value types of SNMP. Messages do not contain words that may be secrets. */
public final class SnmpTypes {
    /** The first words of {@code agentx} that name no master agent. */
    private static final Set<String> OFF = Set.of("off", "no", "false");

    private static final List<String> AUTH = List.of("sha224", "sha256", "sha384", "sha512");
    private static final List<String> PRIV = List.of("aes128", "aes192", "aes256");
    /** Protocols of RFC 3414 and older agents, which are not secure. */
    private static final Set<String> WEAK = Set.of("md5", "sha", "sha1", "sha-1", "des", "3des", "des3", "des-ede3");
    /** RFC 3414, section 11.2. */
    private static final int SHORTEST_PASSWORD = 8;
    /** sun_path of struct sockaddr_un (uapi/linux/un.h), less the NUL at its end. */
    private static final int LONGEST_PATH = 107;

    private static final int LONGEST_DISPLAYED = 255;
    private static final int AGENTX_PORT = 705;
    private static final int TRAP_PORT = 162;
    private static final long MAX_ARC = 0xffff_ffffL;
    private static final int MAX_ARCS = 128;

    private SnmpTypes() {}

    // ---- requests

    /** Where requests are accepted, by TCP or UDP. */
    public record Listen(boolean tcp, Endpoint endpoint) {
        /** As it is written. */
        public String text() {
            return (tcp ? "tcp:" : "udp:") + IpAddresses.text(endpoint.address(), endpoint.port());
        }
    }

    /** @param example a port for the hint */
    static FunctionType<Listen> listen(int example) {
        String form = "udp:ADDRESS:PORT|tcp:ADDRESS:PORT";
        FunctionType<Listen> type = FunctionType.of(
                form,
                (statement, problems) ->
                        TextTypes.oneWord(statement, form, problems).flatMap(word -> listen(word, example, problems)));
        return type.shaped(Shape.Simple.TEXTS).duplicates(DuplicatePolicy.ALL);
    }

    private static Optional<Listen> listen(Word word, int example, Problems problems) {
        boolean tcp = word.text().startsWith("tcp:");
        String text = tcp || word.text().startsWith("udp:") ? word.text().substring(4) : word.text();
        return AddressTypes.withPort(
                        word,
                        text,
                        "invalid listen address '" + word.text() + "': expected udp:ADDRESS:PORT or tcp:ADDRESS:PORT",
                        "such as udp:127.0.0.1:" + example + " or udp:[::1]:" + example,
                        problems)
                .map(endpoint -> new Listen(tcp, endpoint));
    }

    /** A community, and the place of its line. */
    public record WrittenCommunity(Community community, Origin origin) {}

    /** {@code NAME [NETWORK/PREFIX]}; without a network, loopback. */
    static FunctionType<WrittenCommunity> community() {
        FunctionType<WrittenCommunity> type = FunctionType.of("NAME [NETWORK/PREFIX]", (statement, problems) -> {
            List<Word> words = statement.words();
            if (words.isEmpty() || words.size() > 2) {
                problems.error(
                        statement.origin(),
                        "'community' requires a name and at most one network",
                        "such as: community public 192.0.2.0/24");
                return Optional.empty();
            }
            Optional<Network> network = words.size() == 1
                    ? Optional.of(new Network(IpAddresses.ofBytes(new byte[] {127, 0, 0, 0}), 8))
                    : network(words.get(1), problems);
            return network.map(n -> new WrittenCommunity(
                    new Community(words.getFirst().text(), n.address(), n.prefix()), statement.origin()));
        });
        return type.shaped(Shape.Simple.NETWORKS).duplicates(DuplicatePolicy.ALL);
    }

    /** @param prefix number of leading bits */
    public record Network(InetAddress address, int prefix) {}

    /** {@code NETWORK/PREFIX}, or one address. */
    static FunctionType<Network> network() {
        String form = "NETWORK/PREFIX";
        FunctionType<Network> type = FunctionType.of(
                form,
                (statement, problems) ->
                        TextTypes.oneWord(statement, form, problems).flatMap(word -> network(word, problems)));
        return type.shaped(Shape.Simple.TEXTS).duplicates(DuplicatePolicy.ALL);
    }

    private static Optional<Network> network(Word word, Problems problems) {
        String[] parts = word.text().split("/", 2);
        Optional<InetAddress> address = IpAddresses.address(parts[0]);
        int bits = address.map(a -> a.getAddress().length * 8).orElse(0);
        boolean valid = address.isPresent()
                && (parts.length == 1 || parts[1].matches("\\d{1,3}") && Integer.parseInt(parts[1]) <= bits);
        return valid
                ? Optional.of(new Network(address.get(), parts.length == 1 ? bits : Integer.parseInt(parts[1])))
                : TextTypes.invalid(word, "network", "a network such as 192.0.2.0/24", problems);
    }

    /** A dotted object identifier; a dot before it is left out. */
    static FunctionType<String> objectIdentifier() {
        return TextTypes.parsed(
                        "OID", SnmpTypes::oid, "object identifier", "a dotted one such as 1.3.6.1.4.1.8225.4711")
                .shaped(Shape.Simple.TEXTS)
                .duplicates(DuplicatePolicy.ALL);
    }

    private static Optional<String> oid(String text) {
        String dotted = text.startsWith(".") ? text.substring(1) : text;
        if (!dotted.matches("[0-2](\\.\\d{1,10})*")) {
            return Optional.empty();
        }
        String[] arcs = dotted.split("\\.");
        for (String arc : arcs) {
            if (Long.parseLong(arc) > MAX_ARC) {
                return Optional.empty();
            }
        }
        return Optional.of(dotted).filter(_ -> arcs.length <= MAX_ARCS);
    }

    // ---- users

    /**
     * A protocol of a user and its secret.
     *
     * @param protocol in lower case
     * @param secret the password, or the path of its file
     */
    public record UserKey(String protocol, String secret, boolean file) {
        /** Without the secret. */
        @Override
        public String toString() {
            return "UserKey[protocol=" + protocol + ", file=" + file + "]";
        }
    }

    /** Authentication, RFC 7860. */
    static FunctionType<UserKey> auth() {
        return key(AUTH);
    }

    /** Encryption, RFC 3826. */
    static FunctionType<UserKey> priv() {
        return key(PRIV);
    }

    private static FunctionType<UserKey> key(List<String> protocols) {
        String form = String.join("|", protocols) + " @FILE|PASSWORD";
        FunctionType<UserKey> type = FunctionType.of(form, (statement, problems) -> {
            List<Word> words = statement.words();
            if (words.size() != 2) {
                problems.error(
                        statement.origin(),
                        "'" + statement.name() + "' requires a protocol and a secret",
                        "expected: " + statement.name() + " " + form
                                + "; a password with blanks is one word in quotes");
                return Optional.empty();
            }
            String protocol = words.getFirst().text();
            if (!protocols.contains(protocol)) {
                problems.error(
                        words.getFirst().origin(),
                        WEAK.contains(protocol.toLowerCase(Locale.ROOT))
                                ? "'" + statement.name() + "' does not support '" + protocol + "', which is not secure"
                                : "invalid protocol of '" + statement.name() + "'",
                        "expected one of: " + String.join(" ", protocols));
                return Optional.empty();
            }
            return secret(protocol, words.get(1), statement, problems);
        });
        return type.shaped(Shape.Simple.WORDS).duplicates(DuplicatePolicy.LAST_REPORTED);
    }

    private static Optional<UserKey> secret(String protocol, Word word, Statement statement, Problems problems) {
        boolean file = word.text().startsWith("@");
        String secret = file ? word.text().substring(1) : word.text();
        if (file && !secret.startsWith("/")) {
            problems.error(
                    word.origin(),
                    "'" + statement.name() + "' requires an absolute path after @",
                    "such as @/etc/lvsd/snmp." + statement.name());
            return Optional.empty();
        }
        if (!file && secret.length() < SHORTEST_PASSWORD) {
            problems.error(
                    word.origin(),
                    "the password of '" + statement.name() + "' has fewer than " + SHORTEST_PASSWORD + " characters",
                    "use a longer one: RFC 3414 requires " + SHORTEST_PASSWORD + " characters or more");
            return Optional.empty();
        }
        if (file) {
            HostTypes.refer(Kind.SECRET, word, secret, statement, problems);
        }
        return Optional.of(new UserKey(protocol, secret, file));
    }

    // ---- AgentX

    /** The master agent, if there is one. */
    public sealed interface Master {
        /** None. */
        record Off() implements Master {}

        /** A socket of the file system. */
        record Unix(Path path) implements Master {}

        /** A TCP port. */
        record Tcp(InetAddress address, int port, Origin origin) implements Master {}
    }

    /** {@code unix:PATH}, {@code tcp:ADDRESS:PORT [force]} or {@code off}. */
    static FunctionType<Master> agentx() {
        String form = "unix:PATH|tcp:ADDRESS:PORT [force]|off";
        FunctionType<Master> type = FunctionType.of(
                form,
                (statement, problems) -> TextTypes.words(statement, form, 1, 2, problems)
                        .flatMap(words -> agentx(words, form, problems)));
        return type.shaped(Shape.Simple.WORDS);
    }

    private static Optional<Master> agentx(List<Word> words, String form, Problems problems) {
        Word first = words.getFirst();
        Optional<Master> master = OFF.contains(first.text())
                ? Optional.of(new Master.Off())
                : master(
                        first,
                        first.text(),
                        "invalid agentx '" + first.text() + "': expected unix:PATH, tcp:ADDRESS:PORT or off",
                        problems);
        boolean tcp = master.filter(Master.Tcp.class::isInstance).isPresent();
        boolean force = words.size() > 1 && words.get(1).text().equals("force");
        if (words.size() > 1 && !(force && tcp)) {
            problems.error(
                    words.get(1).origin(), "unexpected '" + words.get(1).text() + "'", "expected: agentx " + form);
            return Optional.empty();
        }
        if (!force && master.isPresent() && master.get() instanceof Master.Tcp(var address, int _, var _)) {
            if (!address.isLoopbackAddress()) {
                problems.error(
                        first.origin(),
                        "agentx requires an address of loopback: the protocol has neither authentication nor"
                                + " encryption",
                        "use unix:PATH, or add: force");
                return Optional.empty();
            }
        }
        return master;
    }

    /** {@code unix:PATH}, {@code /PATH}, {@code tcp:ADDRESS:PORT} or {@code tcp:localhost:PORT}: some of keepalived's forms. */
    static FunctionType<Master> socket() {
        String form = "SOCKET";
        FunctionType<Master> type = FunctionType.of(
                form,
                (statement, problems) -> TextTypes.oneWord(statement, form, problems)
                        .flatMap(word -> master(
                                word,
                                (word.text().startsWith("/") ? "unix:" : "")
                                        + word.text().replaceFirst("^tcp:localhost:", "tcp:127.0.0.1:"),
                                "invalid " + statement.name() + " '" + word.text()
                                        + "': expected unix:PATH, /PATH or tcp:ADDRESS:PORT",
                                problems)));
        return type.duplicates(DuplicatePolicy.LAST_REPORTED);
    }

    private static Optional<Master> master(Word word, String text, String invalid, Problems problems) {
        String hint = "such as unix:/var/agentx/master or tcp:127.0.0.1:" + AGENTX_PORT;
        if (text.startsWith("tcp:")) {
            return AddressTypes.withPort(word, text.substring(4), invalid, hint, problems)
                    .map(e -> new Master.Tcp(e.address(), e.port(), word.origin()));
        }
        String path = text.startsWith("unix:") ? text.substring(5) : "";
        if (!path.startsWith("/") || path.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
            problems.error(word.origin(), invalid, hint);
            return Optional.empty();
        }
        return Optional.of(new Master.Unix(Path.of(path)));
    }

    // ---- notifications

    /**
     * A receiver of notifications.
     *
     * @param user whether {@code name} is that of a user, else of a community
     * @param origin of the name
     */
    public record Receiver(String host, int port, boolean user, String name, boolean inform, Origin origin) {
        /** Without the name. */
        @Override
        public String toString() {
            return "Receiver[host=" + host + ", port=" + port + ", user=" + user + ", inform=" + inform + "]";
        }
    }

    /** {@code udp:HOST:PORT community|user NAME [inform]}. */
    static FunctionType<Receiver> sink() {
        String form = "udp:HOST:PORT community|user NAME [inform]";
        FunctionType<Receiver> type = FunctionType.of(form, (statement, problems) -> {
            List<Word> words = statement.words();
            String kind = words.size() < 2 ? "" : words.get(1).text();
            boolean named = words.size() >= 3 && (kind.equals("community") || kind.equals("user"));
            boolean inform = words.size() == 4 && words.get(3).text().equals("inform");
            if (!named || words.size() > 3 && !inform) {
                problems.error(
                        statement.origin(),
                        "'sink' requires an address, and a community or a user",
                        "expected: sink " + form);
                return Optional.empty();
            }
            return receiver(words, kind.equals("user"), inform, problems);
        });
        return type.shaped(Shape.Simple.PHRASES).duplicates(DuplicatePolicy.ALL);
    }

    private static Optional<Receiver> receiver(List<Word> words, boolean user, boolean inform, Problems problems) {
        Word target = words.getFirst();
        String text = target.text().startsWith("udp:") ? target.text().substring(4) : "";
        int colon = text.lastIndexOf(':');
        String written = text.substring(0, Math.max(0, colon));
        boolean bracketed = written.matches("\\[.*]");
        String host = bracketed ? written.substring(1, written.length() - 1) : written;
        boolean known = bracketed ? IpAddresses.address(host).isPresent() : AddressTypes.isHost(host);
        if (!known || host.indexOf(':') >= 0 && !bracketed) {
            problems.error(
                    target.origin(),
                    "invalid sink '" + target.text() + "': expected udp:HOST:PORT",
                    "such as udp:192.0.2.9:" + TRAP_PORT + " or udp:traps.example.net:" + TRAP_PORT);
            return Optional.empty();
        }
        Word port = new Word(text.substring(colon + 1), target.origin(), false);
        Word name = words.get(2);
        return NumberTypes.number(port, "port", 1, NumberTypes.MAX_PORT, problems)
                .map(p -> new Receiver(host, p.intValue(), user, name.text(), inform, name.origin()));
    }

    /** A text that an object of type DisplayString can have (RFC 2579). */
    static FunctionType<String> displayed(String what) {
        return TextTypes.parsed(
                "TEXT",
                text -> Optional.of(text).filter(t -> t.getBytes(StandardCharsets.UTF_8).length <= LONGEST_DISPLAYED),
                what,
                "at most " + LONGEST_DISPLAYED + " bytes");
    }

    /** {@code 0xHEX}; the value is in lower case and without the prefix. */
    static FunctionType<String> engineId() {
        return TextTypes.parsed(
                "0xHEX",
                text -> Optional.of(text)
                        .filter(t -> t.matches("0[xX]([0-9A-Fa-f]{2}){5,32}"))
                        .map(t -> t.substring(2).toLowerCase(Locale.ROOT))
                        .filter(t -> !t.matches("0*|f*")),
                "engine_id",
                "0x and 5 to 32 bytes in hexadecimal digits, neither all 00 nor all ff");
    }
}
