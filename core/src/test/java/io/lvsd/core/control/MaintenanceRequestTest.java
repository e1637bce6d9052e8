package io.lvsd.core.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.conf.value.IpNetwork;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.conf.value.MaintenanceConfig.Drain;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MaintenanceRequestTest {
    private static void comesBack(MaintenanceRequest request) {
        assertEquals(Optional.of(request), MaintenanceRequest.parse(request.body()));
    }

    @Test
    void aRequestComesBackFromItsBody() {
        comesBack(new MaintenanceRequest("group:web farm", Optional.empty()));
        comesBack(new MaintenanceRequest("web", Optional.of(MaintenanceConfig.NONE)));
        comesBack(new MaintenanceRequest(
                "10.0.0.1:80/tcp",
                Optional.of(new MaintenanceConfig(
                        " Zurück um 6, allow x ",
                        Optional.of(Instant.parse("2027-03-01T06:00:00.5Z")),
                        List.of(
                                IpNetwork.parse("192.0.2.0/24").orElseThrow(),
                                IpNetwork.parse("2001:db8::1").orElseThrow()),
                        Optional.of(new Drain(Optional.of(Duration.ofMinutes(10))))))));
        comesBack(new MaintenanceRequest(
                "web",
                Optional.of(new MaintenanceConfig(
                        "", Optional.empty(), List.of(), Optional.of(new Drain(Optional.empty()))))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "server web\nuntil soon",
                "server web\nallow x",
                "server web\ndrain x",
                "server web\nx y"
            })
    void aMalformedBodyIsNotParsed(String body) {
        assertEquals(Optional.empty(), MaintenanceRequest.parse(body));
    }
}
