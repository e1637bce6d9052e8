package io.lvsd.conf.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ldirectord.cf becomes what it means here, and what it cannot mean is said. */
final class LdirectordTest {
    private static final String FILE = """
        # Global Directives
        checktimeout=3
        checkinterval=1
        fallback=127.0.0.1:80
        autoreload=yes
        quiescent=yes

        virtual=192.168.6.240:80
        \treal=192.168.6.2->192.168.6.4:80 gate
        \treal=192.168.6.7:8080 masq 5 "/own.html", "own page"
        \tfallback=127.0.0.1:8888 gate
        \tservice=http
        \trequest="index.html"
        \treceive="Test Page"
        \tvirtualhost=some.domain.com
        \tscheduler=rr
        \tpersistent=600
        \tnetmask=255.255.255.0
        \tprotocol=tcp
        \tchecktype=negotiate
        \tcheckcount=3
        \temailalert="a@example.org"

        virtual=1
        \treal=10.0.0.1:53 masq
        \tchecktype=connect
        \tprotocol=fwm
        \tquiescent=no
        \tfallback=127.0.0.1:80

        virtual6=[2001:db8::1]:25
        \treal6=[2001:db8::2]:25 masq 3
        \tservice=smtp
        \tscheduler=wlc
        """;

    @TempDir
    private Path directory;

    private static Converter.Converted converted(String text, Problems problems) {
        return Converter.convert(Ldirectord.read("l.cf", text, problems), ConfigFormat.KEEPALIVED);
    }

    @Test
    void aWholeFileIsCarriedOver() {
        Problems problems = new Problems();
        assertEquals("""
            virtual_server 192.168.6.240 80 {
              protocol TCP
              lvs_sched rr
              persistence_timeout 600
              persistence_granularity 255.255.255.0
              delay_loop 1
              connect_timeout 3
              retry 2
              inhibit_on_failure
              lvs_method DR
              sorry_server 127.0.0.1 8888
              sorry_server_lvs_method DR
              real_server 192.168.6.2 80 {
                HTTP_GET {
                  url {
                    path /index.html
                    regex "Test Page"
                    virtualhost some.domain.com
                  }
                }
              }
              real_server 192.168.6.3 80 {
                HTTP_GET {
                  url {
                    path /index.html
                    regex "Test Page"
                    virtualhost some.domain.com
                  }
                }
              }
              real_server 192.168.6.4 80 {
                HTTP_GET {
                  url {
                    path /index.html
                    regex "Test Page"
                    virtualhost some.domain.com
                  }
                }
              }
              real_server 192.168.6.7 8080 {
                weight 5
                lvs_method NAT
                HTTP_GET {
                  url {
                    path /own.html
                    regex "own page"
                    virtualhost some.domain.com
                  }
                }
              }
            }
            virtual_server fwmark 1 {
              lvs_sched wrr
              delay_loop 1
              connect_timeout 3
              lvs_method NAT
              sorry_server 127.0.0.1 80
              real_server 10.0.0.1 53 {
                TCP_CHECK {
                }
              }
            }
            virtual_server 2001:db8::1 25 {
              protocol TCP
              lvs_sched wlc
              delay_loop 1
              connect_timeout 3
              inhibit_on_failure
              lvs_method NAT
              real_server 2001:db8::2 25 {
                weight 3
                SMTP_CHECK {
                }
              }
            }
            """, converted(FILE, problems).text());
        assertEquals(
                List.of(
                        "l.cf:5:1: warning: 'autoreload' is not converted: lvsd has no such setting",
                        "l.cf:22:2: warning: 'emailalert' is not converted: lvsd has no such setting"),
                problems.all().stream().map(ConfigProblem::headline).toList());
    }

    @Test
    void whatComesOutIsLoadable() throws IOException {
        for (ConfigFormat format : ConfigFormat.values()) {
            Converter.Converted converted = Converter.convert(Ldirectord.read("l.cf", FILE, new Problems()), format);
            Path file = Files.writeString(directory.resolve("x"), converted.text());
            ConfigLoader.Loaded loaded = new ConfigLoader.Source(file, "x", Optional.of(format)).load();
            assertEquals(
                    List.of(),
                    loaded.problems().stream()
                            .filter(ConfigProblem::isError)
                            .filter(p -> !p.text().contains("does not act on it"))
                            .map(ConfigProblem::render)
                            .toList(),
                    converted::text);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "real=www.example.org:80 masq | invalid address 'www.example.org', not converted",
                "real=10.0.0.9:80 nat | invalid real server, not converted",
                "real=10.0.0.9:www masq | invalid port 'www', not converted",
                "real=10.0.0.9->10.0.0.1:80 masq | invalid address range: expected at most 65536 addresses in"
                        + " ascending order",
                "nonsense | invalid line",
                "checktype=off | 'checktype' is not converted: the server would never be up; remove it instead",
                "httpmethod=HEAD | 'httpmethod' is not converted: the request method is GET",
                "login=x | 'login' is not converted: lvsd has no such setting"
            })
    void whatCannotBeCarriedOverIsSaidAtItsPlace(String line, String text) {
        Problems problems = new Problems();
        String file = "virtual=10.1.0.1:80\n  real=10.0.0.1:80 masq\n  " + line + "\n";
        assertTrue(converted(file, problems).text().contains("real_server 10.0.0.1 80"));
        assertTrue(
                problems.all().stream()
                        .anyMatch(p -> p.text().equals(text) && p.origin().line() == 3),
                () -> problems.all().toString());
    }

    @Test
    void aCommandGetsWhatLdirectordGivesIt() {
        String text = converted(
                        "virtual=10.1.0.1:80\n real=10.0.0.1 masq\n checktype=external\n checkcommand=/usr/bin/x\n",
                        new Problems())
                .text();
        assertTrue(text.contains("misc_path \"/usr/bin/x 10.1.0.1 80 10.0.0.1 80\""), text);
    }
}
