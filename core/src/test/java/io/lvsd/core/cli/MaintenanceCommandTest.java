package io.lvsd.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.value.IpNetwork;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.conf.value.MaintenanceConfig.Drain;
import io.lvsd.core.control.MaintenanceRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

final class MaintenanceCommandTest {
    private static final ZonedDateTime NOW = ZonedDateTime.parse("2026-05-01T12:00:00+02:00[Europe/Berlin]");

    private static MaintenanceRequest request(String... arguments) {
        MaintenanceCommand command = new MaintenanceCommand();
        new CommandLine(command).parseArgs(arguments);
        return command.request(NOW);
    }

    private static MaintenanceConfig settings(String... arguments) {
        return request(arguments).settings().orElseThrow();
    }

    @Test
    void everyOptionIsASetting() {
        assertEquals(
                new MaintenanceRequest(
                        "web",
                        Optional.of(new MaintenanceConfig(
                                "Back at six",
                                Optional.of(Instant.parse("2026-05-02T04:00:00Z")),
                                List.of(
                                        IpNetwork.parse("192.0.2.0/24").orElseThrow(),
                                        IpNetwork.parse("2001:db8::1").orElseThrow()),
                                Optional.of(new Drain(Optional.of(Duration.ofMinutes(10))))))),
                request(
                        "web",
                        "on",
                        "--message",
                        "Back at six",
                        "--until",
                        "06:00",
                        "--allow",
                        "192.0.2.0/24",
                        "--allow",
                        "2001:db8::1",
                        "--drain",
                        "600"));
    }

    @Test
    void withoutOptionsThereAreNoSettings() {
        assertEquals(MaintenanceConfig.NONE, settings("web", "on"));
        assertEquals(new MaintenanceRequest("web", Optional.empty()), request("web", "off"));
    }

    @Test
    void aDrainWithoutATimeHasNoLimit() {
        Optional<Drain> unlimited = Optional.of(new Drain(Optional.empty()));
        assertEquals(unlimited, settings("web", "on", "--drain").drain());
        assertEquals(
                unlimited, settings("web", "on", "--drain", "--until", "2h").drain());
        assertEquals(
                unlimited,
                settings("--drain", "--allow", "10.0.0.1", "web", "on").drain());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "web maybe                             | invalid state 'maybe': expected on or off",
                "web on --until 2026-05-01T11:59       | invalid --until '2026-05-01T11:59': this time is in the past",
                "web on --until soon                   | invalid --until 'soon': expected a duration such as 2h or 90m",
                "web on --allow 192.0.2.0/33           | invalid --allow '192.0.2.0/33': expected an address or a"
                        + " network",
                "web on --drain 0                      | invalid --drain '0': expected 1 to 31536000 seconds",
                "web off --until 2h                    | 'off' has no options",
                "web off --drain                       | 'off' has no options",
                "--drain web on                        | Missing required parameter",
                "web                                   | Missing required parameter"
            })
    void usageErrorsNameTheValueAndWhatIsExpected(String arguments, String text) {
        ParameterException e = assertThrows(
                ParameterException.class, () -> request(arguments.strip().split(" ")));
        assertTrue(String.valueOf(e.getMessage()).contains(text), e.getMessage());
    }

    @Test
    void aMessageIsOneLine() {
        assertThrows(ParameterException.class, () -> request("web", "on", "--message", "a\nb"));
        assertThrows(ParameterException.class, () -> request("web", "on", "--message", "x".repeat(501)));
    }
}
