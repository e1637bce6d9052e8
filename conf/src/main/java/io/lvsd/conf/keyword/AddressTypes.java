package io.lvsd.conf.keyword;

import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Value types of addresses and hosts. */
public final class AddressTypes {
    private AddressTypes() {}

    /** {@code ADDRESS [PORT]}, neither range nor mask. */
    public static FunctionType<Endpoint> endpoint() {
        FunctionType<Endpoint> type = FunctionType.of(
                "ADDRESS [PORT]", (statement, problems) -> endpoint(statement, statement.words(), problems));
        return type.shaped(Shape.Simple.ENDPOINT);
    }

    /** {@code ADDRESS [PORT]} from the words before a block, whose number the block's type has checked. */
    public static Optional<Endpoint> readEndpoint(Statement statement, Problems problems) {
        List<Word> words = statement.words();
        return endpoint(statement, words.subList(0, Math.min(2, words.size())), problems);
    }

    private static Optional<Endpoint> endpoint(Statement statement, List<Word> words, Problems problems) {
        if (words.isEmpty()) {
            problems.error(
                    statement.origin(),
                    "'" + statement.name() + "' requires an address",
                    "expected: " + statement.name() + " ADDRESS [PORT]");
            return Optional.empty();
        }
        Word first = words.getFirst();
        Optional<InetAddress> address = serverAddress(first, problems);
        Optional<Long> port = words.size() < 2
                ? Optional.of(0L)
                : NumberTypes.lenientNumber(words.get(1), "port", 0, NumberTypes.MAX_PORT, problems);
        if (words.size() > 2) {
            problems.error(
                    words.get(2).origin(), "unexpected '" + words.get(2).text() + "'", "expected: ADDRESS [PORT]");
        }
        return address.flatMap(a -> port.map(p -> new Endpoint(a, p.intValue(), first.origin())));
    }

    /** One address that may be that of a server. */
    private static Optional<InetAddress> serverAddress(Word word, Problems problems) {
        Optional<InetAddress> address = address(word, problems);
        String unfit = address.map(IpAddresses::unfit).orElse("");
        if (!unfit.isEmpty()) {
            problems.error(word.origin(), "invalid address '" + word.text() + "': it " + unfit);
            return Optional.empty();
        }
        return address;
    }

    private static Optional<InetAddress> address(Word word, Problems problems) {
        Optional<InetAddress> address = IpAddresses.address(word.text());
        if (address.isEmpty()) {
            problems.error(word.origin(), "invalid address '" + word.text() + "'", hint(word.text()));
        }
        return address;
    }

    private static String hint(String text) {
        if (text.matches("[0-9.]+[-/]\\d+(\\.\\d+)*") || text.contains(":") && text.matches(".*[-/].*")) {
            return "ranges and masks are allowed in a virtual_server_group only: write one address";
        }
        if (text.matches("[0-9.]+:\\d+")) {
            return "separate address and port with a blank: " + text.replace(':', ' ');
        }
        if (text.matches("(\\d+\\.){3}\\d+")) {
            return "each octet is 0 to 255 without leading zeros";
        }
        List<String> known = HostsFile.addressesOf(text);
        return "names are not resolved: write "
                + (known.isEmpty()
                        ? "an IPv4 or IPv6 address"
                        : String.join(" or ", known) + ", the address in /etc/hosts");
    }

    /** {@code ADDRESS} alone. */
    public static FunctionType<InetAddress> plainAddress() {
        return FunctionType.of(
                "ADDRESS",
                (statement, problems) ->
                        TextTypes.oneWord(statement, "ADDRESS", problems).flatMap(w -> address(w, problems)));
    }

    /** A name or an address, and an optional port. Nothing is resolved. */
    public static FunctionType<MailServer> mailServer() {
        String form = "HOST [PORT]";
        FunctionType<MailServer> type = FunctionType.of(
                form,
                (statement, problems) ->
                        TextTypes.words(statement, form, 1, 2, problems).flatMap(words -> mailServer(words, problems)));
        return type.shaped(Shape.Simple.ENDPOINT).duplicates(DuplicatePolicy.LAST_REPORTED);
    }

    /** Whether a text is an address, or may be a name. */
    static boolean isHost(String text) {
        return IpAddresses.address(text).isPresent() || text.matches("[A-Za-z0-9]([\\w.-]*[A-Za-z0-9.])?");
    }

    private static Optional<MailServer> mailServer(List<Word> words, Problems problems) {
        Word host = words.getFirst();
        if (!isHost(host.text())) {
            return TextTypes.invalid(host, "host", "a name or an address", problems);
        }
        if (words.size() < 2) {
            return Optional.of(new MailServer(host.text(), OptionalInt.empty()));
        }
        return NumberTypes.number(words.get(1), "port", 1, NumberTypes.MAX_PORT, problems)
                .map(port -> new MailServer(host.text(), OptionalInt.of(port.intValue())));
    }

    /**
     * {@code ADDRESS:PORT} on which lvsd listens.
     *
     * @param example a port for the hint
     */
    public static FunctionType<Endpoint> listen(int example) {
        return withPort("listen", example);
    }

    /**
     * {@code ADDRESS:PORT} of a server that lvsd connects to.
     *
     * @param what the server, for messages
     * @param example a port for the hint
     */
    static FunctionType<Endpoint> target(String what, int example) {
        return withPort(what, example);
    }

    private static FunctionType<Endpoint> withPort(String what, int example) {
        String form = "ADDRESS:PORT";
        return FunctionType.of(
                form,
                (statement, problems) -> TextTypes.oneWord(statement, form, problems)
                        .flatMap(word -> withPort(
                                word,
                                word.text(),
                                "invalid " + what + " address '" + word.text() + "': expected " + form,
                                "such as 127.0.0.1:" + example + " or [::1]:" + example,
                                problems)));
    }

    /**
     * {@code ADDRESS:PORT} in a word.
     *
     * @param text the part of the word
     * @param invalid what is reported if it is something else
     */
    static Optional<Endpoint> withPort(Word word, String text, String invalid, String hint, Problems problems) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon).replaceAll("^\\[|\\]$", "");
        Optional<InetAddress> address = IpAddresses.address(host);
        if (colon < 0 || address.isEmpty() || !text.substring(colon + 1).matches("\\d{1,5}")) {
            problems.error(word.origin(), invalid, hint);
            return Optional.empty();
        }
        Word port = new Word(text.substring(colon + 1), word.origin(), false);
        return NumberTypes.number(port, "port", 1, NumberTypes.MAX_PORT, problems)
                .map(p -> new Endpoint(address.get(), p.intValue(), word.origin()));
    }
}
