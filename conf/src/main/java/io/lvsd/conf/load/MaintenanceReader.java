package io.lvsd.conf.load;

import io.lvsd.conf.keyword.MaintenanceKeywords;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.language.Language;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.IpNetwork;
import io.lvsd.conf.value.MaintenanceConfig;
import java.util.List;
import java.util.Optional;

/** Reads the block {@code maintenance} of a virtual server. */
final class MaintenanceReader {
    private MaintenanceReader() {}

    /**
     * The settings; empty, with the reason reported, if there is no sorry server.
     *
     * @param hasSorry whether the virtual server has a valid sorry server
     */
    static Optional<MaintenanceConfig> read(Statement block, boolean hasSorry, Problems problems) {
        Settings settings = Language.read(Scope.MAINTENANCE, ConfigBuilder.blockOf(block), problems);
        List<IpNetwork> allow = settings.all(MaintenanceKeywords.ALLOW);
        if (!hasSorry) {
            problems.error(
                    block.origin(), "maintenance requires a sorry_server, ignored", "add: sorry_server 127.0.0.1 80");
            return Optional.empty();
        }
        if (allow.stream().distinct().count() > MaintenanceConfig.MAX_ALLOW) {
            problems.error(
                    settings.originOf(MaintenanceKeywords.ALLOW, block.origin()),
                    "more than " + MaintenanceConfig.MAX_ALLOW + " allowed networks, further ones are ignored",
                    "use larger networks");
        }
        return Optional.of(new MaintenanceConfig(
                settings.get(MaintenanceKeywords.MESSAGE).orElse(""),
                settings.get(MaintenanceKeywords.UNTIL),
                allow.stream().distinct().limit(MaintenanceConfig.MAX_ALLOW).toList(),
                settings.get(MaintenanceKeywords.DRAIN)));
    }
}
