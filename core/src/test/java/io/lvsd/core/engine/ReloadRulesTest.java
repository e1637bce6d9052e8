package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.conf.model.DaemonConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which configurations may replace the running one. */
final class ReloadRulesTest {
    private static final String SERVER = "virtual_server 10.0.0.1 80 {\n"
            + " lvs_sched rr\n"
            + " lvs_method NAT\n"
            + " protocol TCP\n"
            + " real_server 10.0.0.11 80 {\n"
            + "  TCP_CHECK {\n"
            + "  }\n"
            + " }\n"
            + "}\n";

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-, -, 0", "-, a, 1", "a, a, 0", "a, -, 0", "a, a b, 1", "a, a a, 1", "a a, a, 0", "a b, b c d, 2"
            })
    void anErrorIsNewAsOftenAsTheRunningConfigurationLacksIt(String running, String next, int fresh) {
        assertEquals(fresh, ReloadRules.newErrors(words(running), words(next)));
    }

    private static List<String> words(String text) {
        return text == null ? List.of() : List.of(text.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = '|',
            value = {
                "-                                          | -                                          | ''",
                "-                                          | lvsd { driver kernel }                     | 'driver'",
                "lvsd { driver memory }                     | lvsd { driver kernel }                     | 'driver'",
                "-                                          | lvsd { http { listen 127.0.0.1:9180 } }    | 'http {"
                        + " listen }'",
                "lvsd { http { listen 127.0.0.1:9180 } }    | lvsd { http { listen 127.0.0.1:9181 } }    | 'http {"
                        + " listen }'",
                "lvsd { snmp { listen udp:127.0.0.1:1161 ; community public } } | -                                   "
                        + "       | ''",
                "-                                          | net_namespace one                          |"
                        + " 'net_namespace'",
                "lvsd { repair on }                         | lvsd { repair missing }                    | ''",
                "lvsd { stop keep }                         | lvsd { stop remove }                       | ''"
            })
    void settingsThatOnlyAStartAppliesRefuseTheReload(String running, String next, String keyword) {
        String expected = keyword.isEmpty() ? "" : "'" + keyword + "' cannot change at a reload: restart the daemon";
        assertEquals(expected, ReloadRules.refusal(true, 0, config(running), config(next)));
    }

    private static DaemonConfig config(@Nullable String settings) {
        String text = settings == null
                ? ""
                : settings.replace("{ ", "{\n")
                        .replace(" ; ", "\n")
                        .replace(" }", "\n}")
                        .concat("\n");
        return World.config(text + SERVER);
    }

    @ParameterizedTest
    @CsvSource({
        "false, 0, the file cannot be used",
        "false, 3, the file cannot be used",
        "true, 1, 1 new error",
        "true, 2, 2 new errors",
        "true, 0, ''"
    })
    void errorsRefuseTheReload(boolean loadable, int fresh, String refusal) {
        assertEquals(refusal, ReloadRules.refusal(loadable, fresh, config(null), config(null)));
    }
}
