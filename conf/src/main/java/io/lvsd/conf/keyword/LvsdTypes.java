package io.lvsd.conf.keyword;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Value types of the {@code lvsd} block. */
final class LvsdTypes {
    private LvsdTypes() {}

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
