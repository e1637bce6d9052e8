package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.model.HttpConfig;
import io.lvsd.conf.model.HttpConfig.ServerTls;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.HostReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The block http, in both syntaxes. */
final class HttpBlockTest {
    private static final String TLS = "; token_file /t; tls_certificate /c";

    @TempDir
    private Path directory;

    /** @param lines separated by semicolons */
    private Loaded load(String lines) {
        return new TextLoader(directory).load("lvsd {\n http {\n" + lines.replace(";", "\n") + "\n }\n}\n");
    }

    private static Optional<HttpConfig> http(Loaded loaded) {
        return loaded.config().lvsd().http();
    }

    @Test
    void bothSyntaxesMeanTheSame() {
        Loaded keepalived =
                load("listen 127.0.0.1:9180; listen [2001:db8::1]:9443; host Director.Example; host lb; token_file"
                        + " /etc/lvsd/tokens; tls_certificate /etc/lvsd/c.pem; tls_key /etc/lvsd/k.pem");
        Loaded hocon = new TextLoader(directory).load("""
            lvsd.http {
              listen = ["127.0.0.1:9180", "[2001:db8::1]:9443"], host = [director.example, lb]
              token_file = "/etc/lvsd/tokens", tls_certificate = "/etc/lvsd/c.pem", tls_key = "/etc/lvsd/k.pem"
            }
            """);
        assertEquals(List.of(), keepalived.problems());
        assertEquals(List.of(), hocon.problems());
        HttpConfig config = http(keepalived).orElseThrow();
        assertEquals(config, http(hocon).orElseThrow());
        assertEquals(List.of("director.example", "lb"), config.hosts());
        assertEquals(2, config.listen().size());
        assertEquals(Optional.of(new ServerTls(Path.of("/etc/lvsd/c.pem"), Path.of("/etc/lvsd/k.pem"))), config.tls());
    }

    @Test
    void theKeyMayBeInTheFileOfTheCertificate() {
        Loaded loaded = load("listen 192.0.2.1:9443" + TLS);
        assertEquals(
                Optional.of(new ServerTls(Path.of("/c"), Path.of("/c"))),
                http(loaded).orElseThrow().tls());
        assertEquals(
                Set.of(HostReference.Kind.TOKENS, HostReference.Kind.CERTIFICATES, HostReference.Kind.PRIVATE_KEY),
                loaded.references().stream().map(HostReference::kind).collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "listen 192.0.2.1:9180 | 3:8: error: listen address 192.0.2.1:9180 requires token_file and"
                    + " tls_certificate, as other hosts can reach it; it is not opened | use: listen 127.0.0.1:9180",
                "listen 0.0.0.0:9180; token_file /t | 3:8: error: listen address 0.0.0.0:9180 requires"
                        + " tls_certificate, as other hosts can reach it; it is not opened | add: tls_certificate FILE",
                "listen [::]:9180; tls_certificate /c | 3:8: error: listen address [::]:9180 requires token_file, as"
                        + " other hosts can reach it; it is not opened | add: token_file FILE",
                "host a | 2:2: error: 'http' requires 'listen', the endpoint is off | add: listen 127.0.0.1:9180",
                "listen 127.0.0.1:1; listen 127.0.0.1:1 | 4:9: error: duplicate listen address 127.0.0.1:1 | remove"
                        + " one of them",
                "listen 127.0.0.1:1; tls_key /k | 4:2: error: 'tls_key' requires 'tls_certificate' | add:"
                        + " tls_certificate FILE",
                "listen 127.0.0.1:1; tls_certificate /c | 4:2: warning: 'tls_certificate' has no effect: every listen"
                        + " address is of loopback, where TLS is not used | remove it",
                "listen 127.0.0.1:1; host a:80 | 4:7: error: invalid host name 'a:80': expected a name without port |"
                        + " ''",
                "listen 127.0.0.1 | 3:8: error: invalid listen address '127.0.0.1': expected ADDRESS:PORT | such as",
            })
    void aProblemHasItsPlaceAndRemedy(String lines, String headline, String hint) {
        Loaded loaded = load(lines);
        ConfigProblem problem = loaded.problems().getFirst();
        assertEquals(1, loaded.problems().size(), loaded.problems()::toString);
        assertTrue(TextLoader.headlines(loaded).getFirst().startsWith(headline), problem::render);
        assertTrue(problem.hint().contains(hint), problem::render);
    }

    @Test
    void anAddressThatIsNotAllowedLeavesTheOthers() {
        Loaded loaded = load("listen 127.0.0.1:9180; listen 192.0.2.1:9180");
        assertEquals(1, http(loaded).orElseThrow().listen().size());
        assertEquals(Optional.empty(), http(load("listen 192.0.2.1:9180")));
    }
}
