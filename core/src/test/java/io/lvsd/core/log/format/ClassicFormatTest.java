package io.lvsd.core.log.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.conf.value.LogFormat;
import io.lvsd.conf.value.LogLevel;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines of keepalived 2.2 for events of lvsd. */
final class ClassicFormatTest {
    private static List<String> lines(String event, String fields) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("vs", "192.0.2.1:80/tcp");
        map.put("rs", "10.0.0.11:8080");
        for (String field : fields.split(" ")) {
            int at = field.indexOf('=');
            if (at > 0) {
                map.put(field.substring(0, at), field.substring(at + 1));
            }
        }
        return new Lines(LogFormat.CLASSIC, ZoneOffset.UTC)
                .bare(LogRecord.of(Instant.EPOCH, LogLevel.INFO, event, map));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        check.failing | check=TCP_CHECK reason=connect_refused          | TCP connection to [10.0.0.11]:tcp:8080 failed.
        check.failing | check=TCP_CHECK reason=connect_timeout          | TCP connection to [10.0.0.11]:tcp:8080 timeout.
        check.failing | check=HTTP_GET reason=status url=/a             | HTTP status code error to [10.0.0.11]:tcp:8080 url(/a).
        probe.failed  | check=SSL_GET reason=digest url=/a              | MD5 digest error to [10.0.0.11]:tcp:8080 url(/a).
        check.failing | check=HTTP_GET reason=connect_refused url=/     | Error connecting server [10.0.0.11]:tcp:8080.
        check.failing | check=HTTP_GET reason=response_timeout url=/    | Timeout WEB read server [10.0.0.11]:tcp:8080.
        check.failing | check=SMTP_CHECK reason=connect_timeout         | Connection timeout to server [10.0.0.11]:tcp:8080
        check.failing | check=DNS_CHECK reason=response_timeout         | DNS_CHECK ([10.0.0.11]:tcp:8080) connection timeout.
        check.failing | check=PING_CHECK reason=response_timeout        | ICMP connection to address [10.0.0.11]:tcp:8080 timeout.
        check.up      | check=HTTP_GET                                  | Remote Web server [10.0.0.11]:tcp:8080 succeed on service.
        check.down    | check=TCP_CHECK failures=1                      | TCP_CHECK on service [10.0.0.11]:tcp:8080 failed.
        rs.down       | check=TCP_CHECK failures=4 table=removed        | TCP_CHECK on service [10.0.0.11]:tcp:8080 failed after 3 retries.; Removing service [10.0.0.11]:tcp:8080 from VS [192.0.2.1]:tcp:80
        rs.down       | check=HTTP_GET failures=1 table=weight_0        | HTTP_CHECK on service [10.0.0.11]:tcp:8080 failed.; Disabling service [10.0.0.11]:tcp:8080 from VS [192.0.2.1]:tcp:80
        rs.down       | check=agent reason=agent_down got=down table=removed | Removing service [10.0.0.11]:tcp:8080 from VS [192.0.2.1]:tcp:80
        rs.up         | check=agent down_for=7s table=added             | Adding service [10.0.0.11]:tcp:8080 to VS [192.0.2.1]:tcp:80
        rs.down       | check=MISC_CHECK failures=1 table=removed       | Removing service [10.0.0.11]:tcp:8080 from VS [192.0.2.1]:tcp:80
        rs.up         | check=TCP_CHECK table=added                     | TCP connection to [10.0.0.11]:tcp:8080 success.; Adding service [10.0.0.11]:tcp:8080 to VS [192.0.2.1]:tcp:80
        rs.up         | check=TCP_CHECK table=weight_5                  | TCP connection to [10.0.0.11]:tcp:8080 success.; Enabling service [10.0.0.11]:tcp:8080 to VS [192.0.2.1]:tcp:80
        rs.weight     | from=1 to=3 state=up                            | Changing weight from 1 to 3 for active service [10.0.0.11]:tcp:8080 of VS [192.0.2.1]:tcp:80
        rs.removed    | state=up                                        | service [10.0.0.11]:tcp:8080 no longer exist
        vs.down       | live=0 quorum=2 hysteresis=1                    | Lost quorum 2-1=1 > 0 for VS [192.0.2.1]:tcp:80
        vs.up         | live=7 quorum=2 hysteresis=1                    | Gained quorum 2+1=3 <= 7 for VS [192.0.2.1]:tcp:80
        vs.up         | vs=fwmark:5 live=7 quorum=2 hysteresis=1        | Gained quorum 2+1=3 <= 7 for VS FWM 5
        vs.up         | vs=group:web/tcp live=1 quorum=1 hysteresis=0   | Gained quorum 1+0=1 <= 1 for VS [web]:0
        vs.up         | vs=[2001:db8::1]:53/udp live=1 quorum=1 hysteresis=0 | Gained quorum 1+0=1 <= 1 for VS [2001:db8::1]:udp:53
        sorry.on      | sorry=10.0.0.99:80                              | Adding sorry server [10.0.0.99]:tcp:80 to VS [192.0.2.1]:tcp:80; Removing alive servers from the pool for VS [192.0.2.1]:tcp:80
        sorry.off     | sorry=10.0.0.99:80                              | Adding alive servers to the pool for VS [192.0.2.1]:tcp:80; Removing sorry server [10.0.0.99]:tcp:80 from VS [192.0.2.1]:tcp:80
        rs.drained    | duration=5s                                     | event=rs.drained vs=192.0.2.1:80/tcp rs=10.0.0.11:8080 duration=5s
        """)
    void anEventHasKeepalivedsLines(String event, String fields, String expected) {
        assertEquals(List.of(expected.split("; ")), lines(event, fields));
    }
}
