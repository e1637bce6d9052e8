package io.lvsd.conf.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.WithoutOrigins;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigProblem;
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
          reload_guard 30
          panic_threshold 20
          failure_profile fast-fail
          slow_start 7
          webhook {
            url https://alerts.example.org/lvsd?a=b
            secret_file /etc/lvsd/secret
            retry 90
          }
          webhook {
            url http://127.0.0.1:9000/
          }
          snmp {
            listen udp:127.0.0.1:1161
            listen tcp:[::1]:1161
            community "se cret" 192.0.2.0/24
            community other
            user monitor {
              auth sha256 @/etc/lvsd/snmp.auth
              priv aes256 "pass word"
              network 192.0.2.0/24
              network 2001:db8::/32
              view 1.3.6.1.4.1.8225.4711
              view .1.3.6.1.2.1
              write
            }
            user reader {
            }
            agentx tcp:192.0.2.7:705 force
            sink udp:192.0.2.9:162 community "se cret"
            sink udp:[2001:db8::9]:162 user monitor inform
            sink udp:traps.example.net:1162 community x inform
            write
            update_interval 0.5
            rate_limit 0
            contact "NOC, +31 20 5550100"
            location "rack 7"
            engine_id 0x80001F8804
          }
          http {
            listen [::1]:9180
            listen 192.0.2.1:9443
            host director.example
            host lb.example
            token_file /etc/lvsd/tokens
            tls_certificate /etc/lvsd/server.pem
            tls_key /etc/lvsd/server.key
          }
          sorry_listen 18000
          sorry_page {
            root /srv/sorry
            reason "Back soon"
            status 503
            retry_after 120
            title "Example 'Shop'"
            message "Maintenance until six # o'clock"
            until 2026-08-01T06:00:00+02:00
            tls /etc/lvsd/a.pem /etc/lvsd/a.key
            tls /etc/lvsd/b.pem "/etc/lvsd/b key"
            ports 80 443 8080
            listen 0.0.0.0:8080
            listen [2001:db8::1]:80
            host www.example.net {
              root /srv/www
              title WWW
            }
            host shop.example.net {
              status 500
            }
          }
          log {
            format json
            target journal
            level debug
            facility local5
          }
          metrics {
            ipvs_metrics on
            per_check_histogram on
            max_series 5000
            statsd {
              address 192.0.2.3:8125
              interval 20
              flavor datadog
            }
            otlp {
              url https://otel.example/v1/metrics
              interval 15
              token_file /etc/lvsd/otel-token
            }
          }
        }
        global_defs {
          enable_script_security
          script_user nobody :nogroup
          checker_log_all_failures
          router_id "director one"
          notification_email {
            admin@example.org "Night Shift <night@example.org>"
            noc@example.org
          }
          notification_email_from lvsd@example.org
          smtp_server mail.example.org 2525
          smtp_helo_name director.example.org
          no_checker_emails
          rs_init_notifies
          smtp_alert_checker no
          lvs_timeouts tcp 800 udp 90
          enable_traps
          lvs_sync_daemon eth1 id 7 maxlen 1400 port 8849 ttl 3 group 224.0.0.99
          lvs_flush
          lvs_flush_on_stop
          notify_fifo /run/both.fifo root
          notify_fifo_script "/usr/bin/reader -v"
          lvs_notify_fifo /run/lvs.fifo
          startup_script "/usr/bin/prepare 'a b'" nobody
          shutdown_script /usr/bin/finish
          shutdown_script_timeout 3
        }
        SSL {
          ca /etc/ca.pem
          certificate /etc/own.pem
          key /etc/own.key
          password "pass word"
        }
        track_file load {
          file /run/load
          weight -3 reverse
          init_file 7 overwrite
        }
        bfd_instance peer {
          neighbor_ip 10.0.0.250
          source_ip 10.0.0.249
          min_rx 20
          multiplier 3
          passive
        }
        virtual_server_group pool {
          192.0.2.20-22 80
          2001:db8::1-3 81
        }
        virtual_server_group four {
          fwmark 9
          192.0.2.30 80
          192.0.2.64/30 81
          fwmark 9
        }
        virtual_server 192.0.2.1 80 {
          snmp_name web
          protocol TCP
          panic_threshold 25
          slow_start 30
          omega
          ha_suspend
          smtp_alert
          quorum_up "/usr/bin/up it" nobody :nogroup
          quorum_down /usr/bin/down
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
          sorry_listen 18099
          sorry_page {
            title ""
            banner "421 try later"
            ports 81
            host a.example.net {
              until 2026-08-01T06:00
            }
          }
          weight 2
          retry 4
          alpha
          warmup 60
          connect_timeout 7
          virtualhost vs.example.org
          inhibit_on_failure
          snmp_index 7
          real_server 10.0.0.1 80 {
            lvs_method NAT
            uthreshold 9
            lthreshold 3
            slow_start 0
            notify_up "/usr/bin/rs_up 'x y'"
            notify_down /usr/bin/rs_down nobody
            smtp_alert
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
          real_server 10.0.0.9 80 {
            lvs_method NAT
            snmp_name "server nine"
            snmp_index 65535
            delay_loop 2.5
            delay_before_retry 2
            retry 2
            virtualhost rs.example.org
            weight_from {
              agent 99
              agent_send "lb\\n"
              header X-Weight
              smoothing 10
              floor 5
              ceiling 200
            }
            HTTP_GET {
              http_protocol 2
              url {
                path /x
                method POST
                header "X-A: b c"
                header "Authorization: Bearer t"
                body "a=b"
                compression
                redirects 3
                regex "^ok [0-9]+"
                regex_options caseless dotall
                regex_no_match
                regex_min_offset 2
                regex_max_offset 99
                json a.b.0 "x y"
                json c true
              }
            }
            SSL_GET {
              sni_name n.example.org
              tls_verify
              tls_compliant
              tls_pin 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
              url {
                path /
              }
            }
            SMTP_CHECK {
              helo_name h.example.org
              rise 3
              fall 2
              fast_interval 0.5
            }
            DNS_CHECK {
              type AAAA
              name www.example.org.
            }
            UDP_CHECK {
              payload 0a0b
              require_reply 0x
              min_reply_length 2
            }
            UDP_CHECK {
              require_reply
            }
            PING_CHECK {
            }
            GRPC_CHECK {
              service a.b.C
              tls
              tls_ca /etc/other.pem
            }
            SERVICE_CHECK {
              type radius
              secret "s e"
            }
            SERVICE_CHECK {
              type postgresql
              user u
              database d
              tls
            }
            MISC_CHECK {
              misc_path "/bin/check 'a b' c"
              misc_dynamic
              user daemon
            }
            MISC_CHECK {
              misc_path /bin/other
              misc_timeout 9
            }
            FILE_CHECK {
              track_file load
              weight 0
            }
            BFD_CHECK {
              name peer
              alpha
            }
          }
          real_server 10.0.0.2 80 {
            weight 0
            alpha off
            fall 1
            warmup 0.25
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
          persistence_timeout
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
