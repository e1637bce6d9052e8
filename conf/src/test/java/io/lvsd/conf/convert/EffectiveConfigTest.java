package io.lvsd.conf.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigFormat;
import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.ConfigProblem;
import io.lvsd.conf.WithoutOrigins;
import io.lvsd.conf.model.DaemonConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written out with every default means what the file means. */
final class EffectiveConfigTest {
    private static final String FILE = """
        lvsd {
          driver memory
          trust_verdicts 4.5
          snmp {
            listen udp:127.0.0.1:1161
            community "se cret" 192.0.2.0/24
            community other
          }
          http {
            listen [::1]:9180
          }
          sorry_page {
            root /srv/sorry
            reason "Back soon"
          }
        }
        virtual_server_group pool {
          192.0.2.20-22 80
          2001:db8::1-3 81
        }
        virtual_server_group four {
          192.0.2.30 80
          fwmark 9
        }
        virtual_server 192.0.2.1 80 {
          snmp_name web
          protocol TCP
          delay_loop 0.25
          lvs_sched sh
          sh-fallback
          sh-port
          lvs_method TUN type gue port 6080 csum
          persistence_timeout
          persistence_granularity 255.255.0.0
          quorum 3
          hysteresis 1
          sorry_server 192.0.2.99 81
          sorry_server_inhibit
          sorry_server_lvs_method NAT
          weight 2
          retry 4
          alpha
          virtualhost vs.example.org
          inhibit_on_failure
          real_server 10.0.0.1 80 {
            lvs_method NAT
            uthreshold 9
            lthreshold 3
            TCP_CHECK {
              connect_port 99
              bindto 10.0.0.254
              bind_port 1023
              bind_if eth0
              fwmark 7
              warmup 3
            }
            SSL_GET {
              enable_sni
              http_protocol 1.0C
              fast_recovery
              url {
                path /a
                digest 0123456789abcdef0123456789abcdef
                status_code 200 300-399
              }
              url {
                path "/b?c=#d"
                virtualhost url.example.org
              }
            }
          }
          real_server 10.0.0.2 80 {
            weight 0
            alpha off
            inhibit_on_failure off
            HTTP_GET {
              alpha no
              url {
                path /
              }
            }
          }
        }
        virtual_server fwmark 5 {
          lvs_sched rr
          lvs_method DR
          real_server fd00::1 {
          }
        }
        virtual_server group four {
          protocol UDP
          ops
          lvs_sched mh
          mh-port
          lvs_method NAT
          real_server 10.0.0.3 80 {
          }
        }
        virtual_server 192.0.2.2 {
          protocol TCP
          lvs_sched wlc
          lvs_method DR
          real_server 10.0.0.3 {
          }
        }
        """;

    @TempDir
    private Path directory;

    private DaemonConfig load(String text, ConfigFormat format) throws IOException {
        ConfigLoader.Loaded loaded = new ConfigLoader.Source(
                        Files.writeString(directory.resolve("x.conf"), text), "x", Optional.of(format))
                .load();
        assertEquals(
                List.of(),
                loaded.problems().stream()
                        .filter(ConfigProblem::isError)
                        .map(ConfigProblem::render)
                        .toList(),
                text);
        return loaded.config();
    }

    @ParameterizedTest
    @EnumSource
    void loadedAgainItIsTheSame(ConfigFormat format) throws IOException {
        DaemonConfig config = load(FILE, ConfigFormat.KEEPALIVED);
        assertEquals(4, config.virtualServers().size());
        String text = EffectiveConfig.withSecrets(config, format).text();
        assertEquals(WithoutOrigins.of(config), WithoutOrigins.of(load(text, format)), text);
        assertEquals(
                text, EffectiveConfig.withSecrets(load(text, format), format).text(), "written twice");
    }

    @Test
    void secretsAreRedacted() throws IOException {
        String text = EffectiveConfig.redacted(load(FILE, ConfigFormat.KEEPALIVED), ConfigFormat.KEEPALIVED)
                .text();
        assertFalse(text.contains("se cret"), text);
        assertTrue(text.contains("community REDACTED 192.0.2.0/24"), text);
    }
}
