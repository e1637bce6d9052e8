package io.lvsd.conf.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Support;
import io.lvsd.conf.language.Language;
import io.lvsd.conf.source.ConfigFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every keyword with a free text either holds no secret, or is redacted where the configuration is shown. */
final class SecretKeywordsTest {
    /** Their values are redacted. Of 'url', those of a webhook and of otlp; of 'header', those that authenticate. */
    private static final Set<String> SECRET = Set.of(
            "agent_send",
            "auth",
            "body",
            "community",
            "header",
            "password",
            "priv",
            "secret",
            "sink",
            "tls_password",
            "url");

    /** A new keyword must be entered here or above. */
    private static final Set<String> HARMLESS = Arrays.stream("""
        accept_local address agentx allow bind_if bindto ca certificate connect_ip contact database digest engine_id file helo_name host include_check
        init_file json key listen location lvs_flush_on_stop lvs_method lvs_notify_fifo lvs_notify_fifo_script
        lvs_sync_daemon lvs_timeouts message misc_path name neighbor_ip net_namespace net_namespace_ipvs network
        notification_email_from notify_down notify_fifo notify_fifo_script notify_up path payload
        persistence_engine persistence_granularity quorum_down quorum_up reason regex regex_options regex_stack
        reload_check_config reload_file reload_time_file require_reply root router_id script_user secret_file
        service shutdown_script smtp_helo_name smtp_server sni_name snmp_name snmp_socket sorry_server
        sorry_server_lvs_method source_ip startup_script state_dump_file status_code tls_ca tls_certificate
        banner message ports title tls until tls_key tls_pin token_file track_file user view virtualhost tls_min tls_ciphers
        """.split("\\s+")).collect(Collectors.toSet());

    private static final String FILE = """
        lvsd {
          snmp {
            listen udp:127.0.0.1:1161
            community hush1
            user monitor {
              auth sha256 hush12-password
              priv aes128 hush13-password
            }
            sink udp:192.0.2.9:162 community hush14
          }
          webhook {
            url https://alerts.example/hook/hush2?token=hush3
          }
          metrics {
            otlp {
              url https://otel.example/hush11
            }
          }
        }
        SSL {
          password hush4
          certificate /nonexistent/c.pem
          key /nonexistent/k.pem
        }
        virtual_server 192.0.2.1 443 {
          protocol TCP
          lvs_sched rr
          lvs_method NAT
          real_server 10.0.0.1 443 {
            weight_from {
              agent 5000
              agent_send hush5
            }
            SSL_GET {
              tls_certificate /nonexistent/c.pem
              tls_key /nonexistent/k.pem
              tls_password hush6
              url {
                path /
                method POST
                body password=hush7
                header "Authorization: Bearer hush8"
                header "X-Api-Key: hush9"
              }
            }
            SERVICE_CHECK {
              type radius
              secret hush10
            }
          }
        }
        """;

    @TempDir
    private Path directory;

    @Test
    void everyKeywordWithAFreeTextIsClassified() {
        Set<String> unknown = new TreeSet<>();
        for (Keyword<?> keyword : Language.all()) {
            String form = keyword.type().form();
            boolean free = keyword.support() == Support.SUPPORTED
                    && !keyword.type().takesBlock()
                    && !form.matches("\\[?(N|(MILLI)?SECONDS) \\(.*|\\[on\\|off]|[A-Za-z0-9.-]+(\\|[A-Za-z0-9.-]+)+");
            if (free && !SECRET.contains(keyword.name()) && !HARMLESS.contains(keyword.name())) {
                unknown.add(keyword.name());
            }
        }
        assertEquals(Set.of(), unknown, "is it a secret?");
    }

    @ParameterizedTest
    @EnumSource
    void noSecretIsShown(ConfigFormat format) throws IOException {
        var config = ConfigLoader.load(Files.writeString(directory.resolve("x.conf"), FILE))
                .config();
        String shown = EffectiveConfig.redacted(config, format).text();
        assertFalse(shown.contains("hush"), shown);
        assertTrue(shown.contains("https://alerts.example/REDACTED"), shown);
        String all = EffectiveConfig.withSecrets(config, format).text();
        for (int i : new int[] {1, 2, 3, 5, 7, 8, 9, 10, 11, 12, 13, 14}) {
            assertTrue(all.contains("hush" + i), () -> "hush" + i + " is not in the test's file as meant: " + all);
        }
    }
}
