package io.lvsd.conf.model;

import io.lvsd.conf.value.Driver;
import io.lvsd.conf.value.FailureProfile;
import io.lvsd.conf.value.Repair;
import io.lvsd.conf.value.StopMode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The {@code lvsd} block.
 *
 * @param trustVerdicts maximum age of a stored check result that is used; empty: the larger of 30 s and twice delay_loop
 * @param reloadGuard percentage of real servers that a reload may take out; a file without any virtual server
 *     exceeds every percentage
 * @param failureProfile empty: the kernel's settings are kept
 * @param acceptLocal interfaces that accept packets from own addresses while lvsd runs
 * @param snmp empty: neither requests nor notifications
 * @param sorryPort default of virtual servers
 * @param sorryPage default of virtual servers, and the page of {@code lvsd sorry -f}
 * @param sorryAddresses where {@code lvsd sorry -f} listens
 */
public record LvsdConfig(
        Driver driver,
        StopMode stop,
        Repair repair,
        Optional<Duration> trustVerdicts,
        long reloadGuard,
        Optional<FailureProfile> failureProfile,
        List<String> acceptLocal,
        Optional<SnmpConfig> snmp,
        Optional<HttpConfig> http,
        int sorryPort,
        SorryPageConfig sorryPage,
        List<InetSocketAddress> sorryAddresses,
        LogConfig log,
        MetricsConfig metrics) {
    public LvsdConfig {
        acceptLocal = List.copyOf(acceptLocal);
        sorryAddresses = List.copyOf(sorryAddresses);
    }

    private static final int DEFAULT_SORRY_PORT = 18_080;

    public static final LvsdConfig DEFAULT = new LvsdConfig(
            Driver.AUTO,
            StopMode.REMOVE,
            Repair.MISSING,
            Optional.empty(),
            100,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            DEFAULT_SORRY_PORT,
            SorryPageConfig.DEFAULT,
            List.of(),
            LogConfig.DEFAULT,
            MetricsConfig.DEFAULT);

    /** Where HOCON's users expect otherwise: the table stays at a stop, and edits by others are undone. */
    public static final LvsdConfig HOCON_DEFAULT = new LvsdConfig(
            Driver.AUTO,
            StopMode.KEEP,
            Repair.ON,
            Optional.empty(),
            50,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            DEFAULT_SORRY_PORT,
            SorryPageConfig.DEFAULT,
            List.of(),
            LogConfig.DEFAULT,
            MetricsConfig.DEFAULT);
}
