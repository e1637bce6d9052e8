package io.lvsd.core.daemon;

import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.value.Driver;
import io.lvsd.core.host.DescriptorBudget;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.DriverCompatibility;
import io.lvsd.core.plan.HostFacts.Listener;
import io.lvsd.core.plan.Translation;
import io.lvsd.core.view.DriverStatus;
import io.lvsd.ipvs.IpvsClient;
import io.lvsd.ipvs.MemoryIpvs;
import io.lvsd.ipvs.embedded.EmbeddedIpvs;
import io.lvsd.ipvs.kernel.KernelIpvs;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.netlink.NetNamespace;
import io.lvsd.ipvs.netlink.NetlinkException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The driver in use, and its table. */
public final class TableDriver {
    private final Driver driver;
    private final IpvsClient client;
    private final Optional<EmbeddedIpvs> embedded;
    private final Optional<String> namespace;
    private final Optional<String> shadowOf;

    // shared: written at start and reload, read by the embedded driver's threads for each connection
    private volatile Set<Announced> announced = Set.of();
    /** Those of the last configuration; used by one thread at a time. */
    private Set<Announced> former = Set.of();

    private record Announced(ServiceKey service, DestinationKey destination) {}

    private TableDriver(Driver driver, Optional<String> namespace, Optional<String> shadowOf) {
        this.driver = driver;
        this.shadowOf = shadowOf;
        this.namespace = namespace;
        this.embedded = driver == Driver.EMBEDDED
                ? Optional.of(new EmbeddedIpvs(
                        Runtime.getRuntime().availableProcessors(),
                        DescriptorBudget.ofThisProcess(true).embeddedLimits(),
                        (service, destination) -> announced.contains(new Announced(service, destination))))
                : Optional.empty();
        IpvsClient table = embedded.<IpvsClient>map(e -> e)
                .orElseGet(() -> driver == Driver.MEMORY ? new MemoryIpvs() : new KernelIpvs());
        this.client = shadowOf.isPresent() ? new ReadOnlyIpvs(table) : table;
    }

    /** A driver cannot be used; the text says why. */
    public static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1;

        UnusableException(String message) {
            super(message);
        }
    }

    /**
     * Opens the table of a driver. {@code AUTO} selects the kernel driver, and the embedded one only if the kernel has no IPVS
     * and the configuration contains nothing that the embedded driver would change or reject.
     *
     * @throws UnusableException if the table cannot be used by this process, or if it may open too few files
     */
    public static TableDriver open(Driver wanted, Loaded loaded) throws UnusableException {
        if (DescriptorBudget.openFilesLimit() < DescriptorBudget.MIN_OPEN_FILES) {
            throw new UnusableException(DescriptorBudget.tooFew());
        }
        if (wanted == Driver.EMBEDDED || wanted == Driver.MEMORY) {
            return new TableDriver(wanted, Optional.empty(), Optional.empty());
        }
        DaemonConfig config = loaded.config();
        try {
            tryTable(config.namespaces().table());
            return new TableDriver(Driver.KERNEL, config.namespaces().table(), Optional.empty());
        } catch (NetlinkException e) {
            if (wanted == Driver.AUTO && KernelIpvs.isMissing(e)) {
                requireNothingChanged(DriverCompatibility.embedded(config, loaded.origins()));
                return new TableDriver(Driver.EMBEDDED, Optional.empty(), Optional.empty());
            }
            throw new UnusableException(explain(e));
        }
    }

    /**
     * Opens the kernel's table to read it only, as another program maintains it.
     *
     * @param other the program, as messages name it
     * @throws UnusableException if it cannot be read
     */
    public static TableDriver openShadow(DaemonConfig config, String other) throws UnusableException {
        try {
            tryTable(config.namespaces().table());
            return new TableDriver(Driver.KERNEL, config.namespaces().table(), Optional.of(other));
        } catch (NetlinkException e) {
            throw new UnusableException(explain(e));
        }
    }

    /** Reads it once, on a thread that may enter its network namespace. */
    private static void tryTable(Optional<String> namespace) {
        FutureTask<Integer> reading = new FutureTask<>(() -> {
            namespace.ifPresent(NetNamespace::enter);
            try (KernelIpvs trial = new KernelIpvs()) {
                return trial.read().services().size();
            }
        });
        Thread.ofPlatform().name("ipvs-trial").daemon().start(reading);
        try {
            Integer _ = reading.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NetlinkException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetlinkException("interrupted");
        }
    }

    private static void requireNothingChanged(List<ConfigProblem> changed) throws UnusableException {
        if (!changed.isEmpty()) {
            throw new UnusableException(
                    "this kernel has no IPVS (module ip_vs), and the embedded driver does not support all that is"
                            + " configured:\n"
                            + changed.stream().map(ConfigProblem::render).collect(Collectors.joining("\n")));
        }
    }

    private static String explain(NetlinkException e) {
        if (KernelIpvs.isDenied(e)) {
            return e.getMessage()
                    + ": reading and writing the IPVS table needs the capability CAP_NET_ADMIN; run as root";
        }
        if (KernelIpvs.isMissing(e)) {
            return e.getMessage() + ": this kernel has no IPVS (module ip_vs); --driver embedded forwards without it,"
                    + " --driver memory is a dry run";
        }
        return "the IPVS table cannot be read: " + e.getMessage();
    }

    /** The driver in use; never {@code AUTO}. */
    public Driver driver() {
        return driver;
    }

    /** Whether another program maintains the table, which is only read. */
    public boolean isShadow() {
        return shadowOf.isPresent();
    }

    /** Whether the daemon has no effect outside its process. */
    public boolean isDryRun() {
        return driver == Driver.MEMORY || isShadow();
    }

    /** Network namespace of the table; empty: the daemon's. */
    Optional<String> namespace() {
        return namespace;
    }

    IpvsClient client() {
        return client;
    }

    /**
     * Takes from a configuration which real servers get a PROXY protocol header. A server that a reload removes may stay in
     * service for some time: for it, the former configuration applies.
     */
    void configure(DaemonConfig config) {
        if (embedded.isEmpty()) {
            return;
        }
        Set<Announced> next = new HashSet<>();
        for (VirtualServerConfig server : config.virtualServers()) {
            destinations(server, RealServerConfig::proxyProtocol, next);
        }
        Set<Announced> all = new HashSet<>(former);
        if (!former.isEmpty()) {
            Set<Announced> configured = new HashSet<>();
            config.virtualServers().forEach(server -> destinations(server, _ -> true, configured));
            all.removeAll(configured);
        }
        all.addAll(next);
        former = Set.copyOf(next);
        announced = Set.copyOf(all);
    }

    private static void destinations(
            VirtualServerConfig server, Predicate<RealServerConfig> filter, Set<Announced> found) {
        List<RealServerConfig> selected =
                server.realServers().stream().filter(filter).toList();
        if (selected.isEmpty()) {
            return;
        }
        for (ServiceKey key : Translation.keys(server)) {
            selected.forEach(rs -> found.add(new Announced(key, DesiredState.key(key, rs))));
        }
    }

    /** Sockets that the driver itself listens on. */
    Set<Listener> ownListeners() {
        return embedded.map(EmbeddedIpvs::listening).orElse(Set.of()).stream()
                .map(a -> new Listener(a.getAddress(), a.getPort()))
                .collect(Collectors.toSet());
    }

    /** The driver, and the connections that the embedded driver closed itself. */
    DriverStatus status() {
        return new DriverStatus(driver, embedded.map(EmbeddedIpvs::endings), Optional.empty(), shadowOf);
    }
}
