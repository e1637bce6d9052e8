package io.lvsd.checkers.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.MiscCheck;
import io.lvsd.conf.check.SmtpCheck;
import io.lvsd.conf.check.TcpCheck;
import io.lvsd.conf.check.http.HttpVersion;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.Timing;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * keepalived's timing rules, row by row: delay_loop 10, delay_before_retry 1. Probes are P passed, F failed, I inconclusive;
 * each step shows the report (U up, D down, b tolerated, - nothing), the delay, and for HTTP the url probed next.
 */
final class HealthPolicyTest {
    private static final ProbeAddress WHERE = new ProbeAddress(
            IpAddresses.ofBytes(new byte[] {10, 0, 0, 1}), 80, Optional.empty(), 0, "", 0, Duration.ofSeconds(5));

    private static Timing timing(long retry) {
        return new Timing(Duration.ofSeconds(10), retry, Duration.ofSeconds(1), Optional.empty());
    }

    private static CheckConfig tcp(long retry) {
        return new CheckConfig(new TcpCheck(WHERE), timing(retry), false, false);
    }

    private static CheckConfig http(long retry, int urls, boolean fast) {
        List<Url> list = IntStream.range(0, urls)
                .mapToObj(i -> new Url("/" + i, "h", List.of(), Optional.empty()))
                .toList();
        CheckSpec spec = new HttpCheck(WHERE, Optional.empty(), HttpVersion.V1_0, fast, list);
        return new CheckConfig(spec, timing(retry), false, false);
    }

    private static HealthState start(String word, CheckConfig check) {
        return switch (word) {
            case "fresh" -> HealthPolicy.presumed(check, true);
            case "alpha" -> HealthPolicy.presumed(check, false);
            case "up" -> HealthState.trusted(true);
            case "down" -> HealthState.trusted(false);
            default -> throw new IllegalArgumentException(word);
        };
    }

    private static String walk(CheckConfig check, HealthState state, String probes) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < probes.length(); i++) {
            ProbeResult outcome = switch (probes.charAt(i)) {
                case 'P' -> ProbeResult.Passed.plain();
                case 'F' -> new ProbeResult.Failed(ProbeResult.Reason.STATUS, "");
                default -> new ProbeResult.Inconclusive("");
            };
            HealthPolicy.Step step = HealthPolicy.after(check, state, outcome, Duration.ofSeconds(2));
            state = step.state();
            out.append(out.isEmpty() ? "" : " ")
                    .append(
                            switch (step.report()) {
                                case UP -> "U";
                                case DOWN -> "D";
                                case TOLERATED -> "b";
                                case NONE -> "-";
                            });
            out.append(step.delay().toSeconds());
            if (check.spec() instanceof HttpCheck) {
                out.append('/').append(HealthPolicy.nextUrl(check, state));
            }
        }
        return out.toString();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "first success is reported once,                   fresh, 1, PP,     U10 -10",
        "without a trusted state one   failure is enough,  fresh, 2, F,      D10",
        "after a success retries apply,                    fresh, 2, PFFF,   U10 b1 b1 D10",
        "retry N bears N failures and N+1 take it down,    up,    2, FFF,    b1 b1 D10",
        "retry 0 bears none,                               up,    0, F,      D10",
        "a success between failures starts the count anew, up,    1, FPFF,   b1 -10 b1 D10",
        "failures while down are nothing,                  up,    0, FFF,    D10 -10 -10",
        "one success brings it up,                         down,  3, FP,     -10 U10",
        "alpha is confirmed down by one failure,           alpha, 3, F,      D10",
        "alpha is up after one success,                    alpha, 3, P,      U10",
        "an inconclusive probe counts for nothing,         up,    1, FIIF,   b1 -10 -10 D10",
        "nor does it confirm anything,                     alpha, 1, IP,     -10 U10"
    })
    void tcp(String what, String start, long retry, String probes, String steps) {
        assertEquals(steps, walk(tcp(retry), start(start, tcp(retry)), probes), what);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "the first run has its retries; one failure is not enough, fresh, 1, FF,    b1 D10",
        "a run while down has its retries again,                 down,  2, FFFF,  -1 -1 -10 -1",
        "a success in such a run brings it up,                   down,  2, FP,    -1 U10"
    })
    void smtp(String what, String start, long retry, String probes, String steps) {
        CheckConfig check = new CheckConfig(new SmtpCheck(WHERE, "h"), timing(retry), false, false);
        assertEquals(steps, walk(check, start(start, check), probes), what);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "runs begin delay_loop after each other; each took 2 s,  up,   0, PP,  -8 -8",
        "a retry begins delay_before_retry after the last began, up,   1, FF,  b0 D8",
        "without a trusted state one   failure is enough,        fresh, 1, F,   D8"
    })
    void misc(String what, String start, long retry, String probes, String steps) {
        CheckSpec spec = new MiscCheck(List.of("/x"), Duration.ofSeconds(10), false, Optional.empty());
        CheckConfig check = new CheckConfig(spec, timing(retry), false, false);
        assertEquals(steps, walk(check, start(start, check), probes), what);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "rise passes in a row bring it up,          down, 1, PPP,    -4 -4 U10",
        "a failure between starts the count anew,   down, 1, PPFPPP, -4 -4 -10 -4 -4 U10",
        "failures in a row are probed fast         , up,  2, FFPFFF, b4 b4 -10 b4 b4 D10",
        "one that was never down needs one pass,    fresh, 1, P,     U10",
        "alpha needs them all,                      alpha, 1, PPP,   -4 -4 U10"
    })
    void riseAndFastInterval(String what, String start, long retry, String probes, String steps) {
        Timing timing = new Timing(
                Duration.ofSeconds(10),
                retry,
                Duration.ofSeconds(1),
                Optional.empty(),
                3,
                Optional.of(Duration.ofSeconds(4)));
        CheckConfig check = new CheckConfig(new TcpCheck(WHERE), timing, false, false);
        assertEquals(steps, walk(check, start(start, check), probes), what);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "urls in turn; up after the whole list,               fresh, 1, 3, PPPP,      -10/1 -10/2 U10/0 -10/1",
        "healthy: the next url after delay_loop,              up,    1, 2, PPP,       -10/1 -10/0 -10/1",
        "a failing url is probed again,                        up,    1, 2, PFF,       -10/1 b1/1 D10/1",
        "down: only the failed url,                           up,    0, 2, PFF,       -10/1 D10/1 -10/1",
        "the failed url passes; then all from the first,      up,    0, 2, PFPPP,     -10/1 D10/1 -10/0 -10/1 U10/0",
        "a single url needs two successes in a row,           up,    0, 1, FPP,       D10/0 -10/0 U10/0",
        "a failure while walking back is probed again soon,    up,    0, 2, FPPFP,     D10/0 -10/0 -10/1 -1/1 U10/0",
        "without a trusted state one   failure is enough,     fresh, 3, 2, F,         D10/0",
        "a trusted down starts with its failed url,           down,  1, 1, PP,        -10/0 U10/0"
    })
    void http(String what, String start, long retry, int urls, String probes, String steps) {
        assertEquals(steps, walk(http(retry, urls, false), start(start, tcp(retry)), probes), what);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "fast recovery walks back without delay,              up,    0, 3, FPPPP,     D10/0 -0/0 -0/1 -0/2 U10/0",
        "and walks so at the start,                           fresh, 0, 2, PP,        -0/1 U10/0"
    })
    void fastRecovery(String what, String start, long retry, int urls, String probes, String steps) {
        assertEquals(steps, walk(http(retry, urls, true), start(start, tcp(retry)), probes), what);
    }
}
