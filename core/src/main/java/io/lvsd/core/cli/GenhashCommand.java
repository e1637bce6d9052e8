package io.lvsd.core.cli;

import io.lvsd.checkers.ProbeKey;
import io.lvsd.checkers.ProbeOutcome;
import io.lvsd.checkers.ProbeOutcome.Reason;
import io.lvsd.checkers.ProbeReport;
import io.lvsd.checkers.Prober;
import io.lvsd.checkers.Probes;
import io.lvsd.conf.Names;
import io.lvsd.conf.keyword.Types.StatusRange;
import io.lvsd.conf.model.ProbeAddress;
import io.lvsd.conf.model.Question;
import io.lvsd.conf.model.Question.HttpVersion;
import io.lvsd.conf.model.Question.Url;
import io.lvsd.conf.model.Tls;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
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
        description = "Asks a server as HTTP_GET would and prints the MD5 sum of the body, for 'digest'.",
        mixinStandardHelpOptions = true)
final class GenhashCommand implements Callable<Integer> {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int MAX_PORT = 65_535;
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
            description = "Host header, and over TLS the server name (default: address and port).")
    private String host = "";

    @Option(
            names = {"-t", "--timeout"},
            paramLabel = "SECONDS",
            description = "Deadline for the whole answer (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds = 5;

    @Override
    @SuppressWarnings("SystemOut")
    public Integer call() throws Exception {
        ProbeOutcome outcome = ask();
        if (outcome instanceof ProbeOutcome.Failed(Reason reason, String detail) && reason == Reason.DIGEST) {
            System.out.println("MD5SUM = " + detail.substring(detail.lastIndexOf(' ') + 1));
            return ExitStatus.DONE;
        }
        System.err.println("lvsd: no digest: "
                + switch (outcome) {
                    case ProbeOutcome.Passed _ -> "the answer is empty";
                    case ProbeOutcome.Failed(var reason, var detail) -> reason + ", " + detail;
                    case ProbeOutcome.Inconclusive(var cause) -> cause;
                });
        return ExitStatus.FAILED;
    }

    private ProbeOutcome ask() throws Exception {
        InetAddress address = Names.address(server)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "'" + server + "' is no address: name the server by its number"));
        int to = port == 0 ? tls ? HTTPS : HTTP : port;
        if (to < 1 || to > MAX_PORT || timeoutSeconds < 1 || !path.startsWith("/")) {
            throw new ParameterException(
                    spec.commandLine(), "a port is 1 to 65535, a timeout 1 or more, and a path begins with /");
        }
        ProbeAddress where =
                new ProbeAddress(address, to, Optional.empty(), 0, "", 0, Duration.ofSeconds(timeoutSeconds));
        Url url = new Url(
                path,
                host.isEmpty() ? Names.text(address, to) : host,
                List.of(new StatusRange(200, 299)),
                Optional.of(NO_DIGEST));
        Optional<String> name = host.isEmpty() ? Optional.empty() : Optional.of(host);
        Optional<Tls> over = tls ? Optional.of(Tls.ANY.named(name)) : Optional.empty();
        Question.Http question = new Question.Http(where, over, HttpVersion.V1_0, false, List.of(url));
        CompletableFuture<ProbeReport> report = new CompletableFuture<>();
        try (Probes probes = new Probes(1, _ -> {})) {
            probes.warmUp();
            probes.probe(List.of(new Prober.Start(ProbeKey.of(question), report::complete)));
            return report.get(timeoutSeconds + 5L, TimeUnit.SECONDS).outcome();
        }
    }
}
