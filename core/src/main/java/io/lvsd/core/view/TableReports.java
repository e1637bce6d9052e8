package io.lvsd.core.view;

import io.lvsd.core.view.TableReport.Counters;
import io.lvsd.core.view.TableReport.Destination;
import io.lvsd.core.view.TableReport.Service;
import io.lvsd.core.view.TableReport.Synchronization;
import io.lvsd.core.view.TableReport.Timeouts;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.ServiceState;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes reports on the table, sorted by service key. Pure. */
public final class TableReports {
    private TableReports() {}

    /** @param time when the table was read */
    public static TableReport of(IpvsSnapshot table, Instant time) {
        return new TableReport(
                time,
                table.info().version(),
                table.info().connectionTableSize(),
                new Timeouts(
                        table.timeouts().tcp(),
                        table.timeouts().tcpFin(),
                        table.timeouts().udp()),
                table.daemons().stream()
                        .map(d -> new Synchronization(
                                d.role().toString().toLowerCase(Locale.ROOT), d.multicastInterface()))
                        .toList(),
                table.services().values().stream().map(TableReports::service).toList());
    }

    private static Service service(ServiceState state) {
        IpvsService service = state.config();
        boolean partial = service.persistent()
                && service.netmask() != IpvsService.wholeAddress(service.key().family());
        return new Service(
                service.key().toString(),
                service.scheduler(),
                TableFormat.schedulerFlags(service),
                service.persistent() ? OptionalLong.of(service.persistenceTimeout()) : OptionalLong.empty(),
                partial ? Optional.of(TableFormat.mask(service)) : Optional.empty(),
                Optional.of(service.persistenceEngine()).filter(e -> !e.isEmpty()),
                (service.flags() & IpvsService.ONE_PACKET) != 0,
                counters(state.stats()),
                state.destinations().values().stream()
                        .map(TableReports::destination)
                        .toList());
    }

    private static Destination destination(DestinationState state) {
        return new Destination(
                state.config().key().toString(),
                state.config().method().word(),
                state.config().weight(),
                state.config().upperThreshold(),
                state.config().lowerThreshold(),
                state.active(),
                state.inactive(),
                state.persistent(),
                counters(state.stats()));
    }

    private static Counters counters(IpvsStats stats) {
        return new Counters(
                stats.connections(),
                stats.inPackets(),
                stats.outPackets(),
                stats.inBytes(),
                stats.outBytes(),
                stats.connectionRate(),
                stats.inPacketRate(),
                stats.outPacketRate(),
                stats.inByteRate(),
                stats.outByteRate());
    }
}
