package io.lvsd.core.daemon;

import io.lvsd.checkers.Probes;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.MetricsConfig;
import io.lvsd.conf.value.Driver;
import io.lvsd.core.host.Sysctls;
import io.lvsd.core.log.LogSetup;
import io.lvsd.core.loop.IpvsWriter;
import io.lvsd.core.notify.Receivers;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** Everything besides the engine that a configuration reaches, at start and at each reload. One thread at a time. */
final class ConfigConsumers {
    private final TableDriver table;
    private final Probes probes;
    private final Receivers notifications;
    private final ReloadTimer timer;
    private final IpvsWriter writer;
    private final Runnable pages;
    private final Endpoints endpoints;
    private final Consumer<MetricsConfig> metrics;
    private final Sysctls sysctls = new Sysctls(Path.of("/proc/sys"));

    /** @param pages has the files of sorry pages read again */
    ConfigConsumers(
            TableDriver table,
            Probes probes,
            Receivers notifications,
            ReloadTimer timer,
            IpvsWriter writer,
            Runnable pages,
            Endpoints endpoints,
            Consumer<MetricsConfig> metrics) {
        this.metrics = metrics;
        this.table = table;
        this.probes = probes;
        this.notifications = notifications;
        this.timer = timer;
        this.writer = writer;
        this.pages = pages;
        this.endpoints = endpoints;
    }

    /** Applies a configuration that was accepted. Nothing here can refuse it any more. */
    void apply(DaemonConfig config) {
        LogSetup.apply(config.lvsd().log(), table.isDryRun());
        pages.run();
        table.configure(config);
        probes.scriptSecurity(config.scriptSecurity());
        setSysctls(Sysctls.wanted(config.lvsd()));
        notifications.configure(config.notices(), config.scriptSecurity());
        timer.configure(config.operation());
        endpoints.configure(config);
        metrics.accept(config.lvsd().metrics());
    }

    /** Restores what {@link #apply} changed in the kernel. */
    void restore() {
        setSysctls(Map.of());
    }

    /** Only the kernel driver changes kernel settings. */
    private void setSysctls(Map<String, String> wanted) {
        if (table.driver() == Driver.KERNEL && !table.isDryRun()) {
            writer.store(store -> sysctls.apply(wanted, store));
        }
    }
}
