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

/** {@code lvsd genhash}: the digest that a {@code url} block wants, computed by the check itself. */
@Command(
        name = "genhash",
        description = "Requests a page as HTTP_GET does and prints the MD5 sum of its body, for 'digest', whatever its"
                + " status. Takes the options of keepalived's genhash.")
final class GenhashCommand implements Callable<Integer> {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int MAX_PORT = 65_535;
    private static final long MAX_MARK = 0xffff_ffffL;
    /** No body has this sum, so the check says which one it has. */
    private static final String NO_DIGEST = "0".repeat(32);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-s", "--server"},
            required = true,
            paramLabel = "ADDRESS",
            description = "The server's address.")
    private String server = "";

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            description = "Its port (default: 80, with -S 443).")
    private int port;

    @Option(
            names = {"-u", "--url"},
            paramLabel = "PATH",
            description = "What to ask for (default: ${DEFAULT-VALUE}).")
    private String path = "/";

    @Option(
            names = {"-S", "--use-ssl"},
            description = "Over TLS, as SSL_GET.")
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
            description = "Print what is requested, and from where, on stderr.")
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
            description = "Deadline for the whole answer (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds = 5;

    @Override
    @SuppressWarnings("SystemOut")
    public Integer call() throws Exception {
        ProbeResult outcome = ask();
        if (outcome instanceof ProbeResult.Failed(Reason reason, String detail) && reason == Reason.DIGEST) {
            System.out.println("MD5SUM = " + detail.substring(detail.lastIndexOf(' ') + 1));
            return ExitStatus.DONE;
        }
        System.err.println("lvsd: no digest: "
                + switch (outcome) {
                    case ProbeResult.Passed _ -> "the answer is empty";
                    case ProbeResult.Failed(var reason, var detail) -> reason + ", " + detail;
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

    private ProbeResult ask() throws Exception {
        InetAddress address = IpAddresses.address(server)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "invalid --server '" + server + "': expected an IP address"));
        int to = port == 0 ? tls ? HTTPS : HTTP : port;
        check(to >= 1 && to <= MAX_PORT, "invalid --port '" + to + "': expected 1 to 65535");
        check(timeoutSeconds >= 1, "invalid --timeout '" + timeoutSeconds + "': expected 1 or more");
        check(path.startsWith("/"), "invalid --url '" + path + "': expected a path that begins with /");
        check(mark >= 0 && mark <= MAX_MARK, "invalid --fwmark '" + mark + "': expected 0 to 4294967295");
        check(!sni || !host.isEmpty(), "--use-sni needs --use-virtualhost");
        ProbeAddress where =
                new ProbeAddress(address, to, Optional.empty(), 0, "", mark, Duration.ofSeconds(timeoutSeconds));
        Url url = new Url(
                path,
                host.isEmpty() ? IpAddresses.text(address, to) : host,
                List.of(new StatusRange(100, 599)),
                Optional.of(NO_DIGEST));
        Optional<String> name = sni ? Optional.of(host) : Optional.empty();
        Optional<Tls> over = tls ? Optional.of(Tls.ANY.named(name)) : Optional.empty();
        HttpCheck spec = new HttpCheck(where, over, version(), false, List.of(url));
        if (verbose) {
            System.err.println("GET " + path + " HTTP/" + version + ", Host: " + url.host() + ", from "
                    + IpAddresses.text(address, to) + (tls ? " over TLS" : ""));
        }
        CompletableFuture<ProbeReport> report = new CompletableFuture<>();
        try (Probes probes = new Probes(1, _ -> {})) {
            probes.warmUp();
            probes.probe(List.of(new Prober.Start(ProbeKey.of(spec), report::complete)));
            return report.get(timeoutSeconds + 5L, TimeUnit.SECONDS).outcome();
        }
    }
}
