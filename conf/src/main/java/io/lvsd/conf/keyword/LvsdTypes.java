package io.lvsd.conf.keyword;

import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Word;
import io.lvsd.conf.value.Community;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/** Value types of the {@code lvsd} block. */
final class LvsdTypes {
    private LvsdTypes() {}

    /** {@code NAME [NETWORK/PREFIX]}; without a network, loopback. */
    static FunctionType<Community> community() {
        String form = "NAME [NETWORK/PREFIX]";
        FunctionType<Community> type = FunctionType.of(form, (statement, problems) -> {
            List<Word> words = statement.words();
            if (words.isEmpty() || words.size() > 2) {
                problems.error(
                        statement.origin(),
                        "'community' requires a name and at most one network",
                        "such as: community public 192.0.2.0/24");
                return Optional.empty();
            }
            String name = words.getFirst().text();
            return words.size() == 1
                    ? Optional.of(new Community(name, IpAddresses.ofBytes(new byte[] {127, 0, 0, 0}), 8))
                    : community(name, words.get(1), problems);
        });
        return type.shaped(Shape.Simple.NETWORKS).duplicates(DuplicatePolicy.ALL);
    }

    private static Optional<Community> community(String name, Word network, Problems problems) {
        String[] parts = network.text().split("/", 2);
        Optional<InetAddress> address = IpAddresses.address(parts[0]);
        int bits = address.map(a -> a.getAddress().length * 8).orElse(0);
        boolean valid = address.isPresent()
                && (parts.length == 1 || parts[1].matches("\\d{1,3}") && Integer.parseInt(parts[1]) <= bits);
        return valid
                ? Optional.of(new Community(name, address.get(), parts.length == 1 ? bits : Integer.parseInt(parts[1])))
                : TextTypes.invalid(network, "network", "a network such as 192.0.2.0/24", problems);
    }

    /** An absolute http or https address without a user's name. */
    static FunctionType<URI> webAddress() {
        return TextTypes.parsed("URL", LvsdTypes::uri, "url", "an address such as https://alerts.example/lvsd");
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(new URI(text))
                    .filter(u -> "http".equals(u.getScheme()) || "https".equals(u.getScheme()))
                    .filter(u -> u.getHost() != null && u.getUserInfo() == null);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
