package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.convert.EffectiveConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.PointInTime;
import io.lvsd.conf.value.IpNetwork;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.conf.value.MaintenanceConfig.Drain;
import io.lvsd.conf.value.SorryMode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The block {@code maintenance} and the keyword {@code sorry_mode}. */
final class MaintenanceBlockTest extends LoadedTexts {
    private static final String SORRY = " sorry_server 127.0.0.1 80\n";

    private static String server(String lines) {
        return "virtual_server 10.0.0.1 80 {\n protocol TCP\n lvs_sched rr\n lvs_method NAT\n" + lines
                + " real_server 10.0.0.11 80 {\n TCP_CHECK {\n }\n }\n}\n";
    }

    private VirtualServerConfig only(String text) {
        Loaded loaded = load(text);
        assertFalse(loaded.hasErrors(), loaded.problems()::toString);
        return loaded.config().virtualServers().getFirst();
    }

    private static IpNetwork network(String text) {
        return IpNetwork.parse(text).orElseThrow();
    }

    @Test
    void everySettingIsRead() {
        String block = """
             maintenance {
              message "Back at six"
              until 2027-03-01T06:00:00+01:00
              allow 192.0.2.77/24
              allow 2001:db8::5
              allow 192.0.2.0/24
              drain 600
             }
            """;
        assertEquals(
                Optional.of(new MaintenanceConfig(
                        "Back at six",
                        Optional.of(Instant.parse("2027-03-01T05:00:00Z")),
                        List.of(network("192.0.2.0/24"), network("2001:db8::5/128")),
                        Optional.of(new Drain(Optional.of(Duration.ofMinutes(10)))))),
                only(server(SORRY + block)).maintenance());
    }

    @Test
    void anEmptyBlockIsOnWithoutSettings() {
        assertEquals(
                Optional.of(MaintenanceConfig.NONE),
                only(server(SORRY + " maintenance {\n }\n")).maintenance());
        assertEquals(Optional.empty(), only(server(SORRY)).maintenance());
    }

    @Test
    void aDrainWithoutATimeHasNoLimit() {
        assertEquals(
                Optional.of(new Drain(Optional.empty())),
                only(server(SORRY + " maintenance {\n  drain\n }\n"))
                        .maintenance()
                        .orElseThrow()
                        .drain());
    }

    @Test
    void aTimeWithoutAnOffsetIsLocal() {
        Instant until = only(server(SORRY + " maintenance {\n  until 2027-03-01T06:00\n }\n"))
                .maintenance()
                .orElseThrow()
                .until()
                .orElseThrow();
        assertEquals(
                LocalDateTime.of(2027, 3, 1, 6, 0)
                        .atZone(ZoneId.systemDefault())
                        .toInstant(),
                until);
    }

    @ParameterizedTest
    @CsvSource({
        "2027-03-01T06:00:00Z, 2027-03-01T06:00:00Z",
        "2027-03-01T06:00+0100, 2027-03-01T05:00:00Z",
        "2027-03-01T06:00+01, 2027-03-01T05:00:00Z",
        "2027-03-01 06:00, 2027-03-01T11:00:00Z",
        "2027-07-01T06:00:30, 2027-07-01T10:00:30Z"
    })
    void pointsInTime(String text, String instant) {
        assertEquals(Optional.of(Instant.parse(instant)), PointInTime.parse(text, ZoneId.of("America/New_York")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "06:00", "2027-02-30T06:00", "2027-03-01", "2027-03-01T25:00", "+12027-03-01T06:00Z"})
    void otherTextsAreNoPointsInTime(String text) {
        assertEquals(Optional.empty(), PointInTime.parse(text, ZoneId.of("UTC")));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.8/29, 192.0.2.16, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "192.0.2.7, 192.0.2.7, true"
    })
    void networksContainTheirAddresses(String network, String address, boolean contains) {
        assertEquals(
                contains, network(network).contains(IpAddresses.address(address).orElseThrow()));
    }

    @Test
    void maintenanceRequiresASorryServer() {
        Loaded loaded = load(server(" maintenance {\n }\n"));
        assertTrue(
                loaded.problems().toString().contains("maintenance requires a sorry_server, ignored"),
                loaded.problems()::toString);
        assertTrue(loaded.problems().toString().contains("add: sorry_server 127.0.0.1 80"));
        assertEquals(
                Optional.empty(), loaded.config().virtualServers().getFirst().maintenance());
    }

    @ParameterizedTest
    @CsvSource({
        "until 06:00, invalid time '06:00': expected a time such as",
        "allow 192.0.2.0/33, invalid network '192.0.2.0/33': expected a network such as 192.0.2.0/24",
        "drain 0, invalid drain '0': expected 1 to 31536000 seconds"
    })
    void invalidSettingsAreReported(String line, String text) {
        Loaded loaded = load(server(SORRY + " maintenance {\n  " + line + "\n }\n"));
        assertTrue(loaded.problems().toString().contains(text), loaded.problems()::toString);
    }

    @Test
    void aLongMessageIsReported() {
        Loaded loaded = load(server(SORRY + " maintenance {\n  message \"" + "x".repeat(501) + "\"\n }\n"));
        assertTrue(
                loaded.problems().toString().contains("expected at most 500 characters"), loaded.problems()::toString);
    }

    @Test
    void sorryModeOfTheDaemonIsTheDefault() {
        assertEquals(SorryMode.REPLACE, only(server(SORRY)).sorryMode());
        assertEquals(SorryMode.ADD, only(server(SORRY + " sorry_mode add\n")).sorryMode());
        String lvsd = "lvsd {\n sorry_mode add\n}\n";
        assertEquals(SorryMode.ADD, only(lvsd + server(SORRY)).sorryMode());
        assertEquals(
                SorryMode.REPLACE,
                only(lvsd + server(SORRY + " sorry_mode replace\n")).sorryMode());
    }

    @ParameterizedTest
    @EnumSource
    void theEffectiveConfigurationIsTheSameOnceMore(ConfigFormat format) throws IOException {
        String block = " maintenance {\n  message \"Back soon, at 6\"\n  until 2027-03-01T06:00:00Z\n"
                + "  allow 192.0.2.0/24\n  allow 2001:db8::/32\n  drain\n }\n sorry_mode add\n";
        VirtualServerConfig config = only(server(SORRY + block));
        String text = EffectiveConfig.redacted(load(server(SORRY + block)).config(), format)
                .text();
        Loaded again = ConfigLoader.load(
                Files.writeString(directory.resolve(format == ConfigFormat.HOCON ? "a.hocon" : "a.conf"), text));
        assertFalse(again.hasErrors(), again.problems()::toString);
        assertEquals(config, again.config().virtualServers().getFirst());
    }
}
