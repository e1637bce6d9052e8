package io.lvsd.core.cli;

import io.lvsd.checkers.Probes;
import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.checkers.probe.Prober;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.http.HttpVersion;
import io.lvsd.conf.check.http.StatusRange;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
import io.lvsd.core.host.NativeLibraryDirectory;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lvsd genhash}: the digest for a {@code url} block, computed by the check itself. */
@Command(
        name = "genhash",
        description = "Request a page as HTTP_GET does and print the MD5 sum of its body for the keyword 'digest',"
                + " regardless of the HTTP status. The options are those of keepalived's genhash.")
final class GenhashCommand implements Callable<Integer> {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int MAX_PORT = 65_535;
    private static final long MAX_MARK = 0xffff_ffffL;
    /** No body has this sum, so the check reports the sum that the body has. */
    private static final String NO_DIGEST = "0".repeat(32);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-s", "--server"},
            required = true,
            paramLabel = "ADDRESS",
            description = "Address of the server.")
    private String server = "";

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            description = "Port of the server (default: 80, with -S 443).")
    private int port;

    @Option(
            names = {"-u", "--url"},
            paramLabel = "PATH",
            description = "Path to request (default: ${DEFAULT-VALUE}).")
    private String path = "/";

    @Option(
            names = {"-S", "--use-ssl"},
            description = "Use TLS, as SSL_GET does.")
    private boolean tls;

    @Option(
            names = {"-V", "--use-virtualhost"},
            paramLabel = "NAME",
            description = "Host header (default: address and port).")
    private String host = "";

    @Option(
            names = {"-I", "--use-sni"},
            description = "Send the name of -V as the TLS server name (SNI).")
    private boolean sni;

    @Option(
            names = {"-P", "--protocol"},
            paramLabel = "VERSION",
            description = "HTTP version: 1.0, 1.0c (1.0 with 'Connection: close') or 1.1 (default: ${DEFAULT-VALUE}).")
    private String version = "1.0";

    @Option(
            names = {"-m", "--fwmark"},
            paramLabel = "MARK",
            description = "Firewall mark of the connection, 0 to 4294967295 (default: none).")
    private long mark;

    @Option(
            names = {"-v", "--verbose"},
            description = "Print the request and its destination on stderr.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Option(
            names = {"-t", "--timeout"},
            paramLabel = "SECONDS",
            description = "Timeout for the whole response (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds = 5;

    @Override
    @SuppressWarnings("SystemOut")
    public Integer call() throws Exception {
        NativeLibraryDirectory.choose();
        ProbeResult result = probe();
        if (result instanceof ProbeResult.Failed failed && failed.reason() == Reason.DIGEST) {
            System.out.println("MD5SUM = " + failed.got().substring(failed.got().lastIndexOf(' ') + 1));
            return ExitStatus.DONE;
        }
        System.err.println("lvsd: no digest: "
                + switch (result) {
                    case ProbeResult.Passed _ -> "the response is empty";
                    case ProbeResult.Failed failed -> failed.reason() + ", " + failed.detail();
                    case ProbeResult.Inconclusive(var cause) -> cause;
                });
        return ExitStatus.FAILED;
    }

    private void check(boolean valid, String problem) {
        if (!valid) {
            throw new ParameterException(spec.commandLine(), problem);
        }
    }

    private HttpVersion version() {
        return switch (version.toLowerCase(Locale.ROOT)) {
            case "1.0" -> HttpVersion.V1_0;
            case "1.0c" -> HttpVersion.V1_0_CLOSE;
            case "1.1" -> HttpVersion.V1_1;
            default ->
                throw new ParameterException(
                        spec.commandLine(), "invalid --protocol '" + version + "': expected 1.0, 1.0c or 1.1");
        };
    }

    private ProbeResult probe() throws Exception {
        InetAddress address = IpAddresses.address(server)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "invalid --server '" + server + "': expected an IP address"));
        int serverPort = port == 0 ? tls ? HTTPS : HTTP : port;
        check(serverPort >= 1 && serverPort <= MAX_PORT, "invalid --port '" + serverPort + "': expected 1 to 65535");
        check(timeoutSeconds >= 1, "invalid --timeout '" + timeoutSeconds + "': expected 1 or more");
        check(path.startsWith("/"), "invalid --url '" + path + "': expected a path that begins with /");
        check(mark >= 0 && mark <= MAX_MARK, "invalid --fwmark '" + mark + "': expected 0 to 4294967295");
        check(!sni || !host.isEmpty(), "--use-sni requires --use-virtualhost");
        ProbeAddress target = new ProbeAddress(
                address, serverPort, Optional.empty(), 0, "", mark, Duration.ofSeconds(timeoutSeconds));
        Url url = new Url(
                path,
                host.isEmpty() ? IpAddresses.text(address, serverPort) : host,
                List.of(new StatusRange(100, 599)),
                Optional.of(NO_DIGEST));
        Optional<String> name = sni ? Optional.of(host) : Optional.empty();
        Optional<Tls> transport = tls ? Optional.of(Tls.ANY.named(name)) : Optional.empty();
        HttpCheck spec = new HttpCheck(target, transport, version(), false, List.of(url));
        if (verbose) {
            System.err.println("GET " + path + " HTTP/" + version + ", Host: " + url.host() + ", server "
                    + IpAddresses.text(address, serverPort) + (tls ? " over TLS" : ""));
        }
        CompletableFuture<ProbeReport> report = new CompletableFuture<>();
        try (Probes probes = new Probes(1, _ -> {})) {
            probes.warmUp();
            probes.probe(List.of(new Prober.Start(ProbeKey.of(spec), report::complete)));
            return report.get(timeoutSeconds + 5L, TimeUnit.SECONDS).result();
        }
    }
}
