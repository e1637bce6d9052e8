package io.lvsd.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether an override takes the last live real server out. */
final class LastLiveTest {
    private static final VirtualServerConfig CONFIG = ConfigLoader.loadPlain(
                    "virtual_server 10.0.0.1 80 {\n protocol TCP\n real_server 10.0.0.11 80 {\n }\n"
                            + " real_server 10.0.0.12 80 {\n }\n}\n")
            .config()
            .virtualServers()
            .getFirst();

    @ParameterizedTest
    @CsvSource({
        // the other server, this server before, this server after, loses the last one
        "enabled,  enabled,  disabled, false",
        "disabled, enabled,  disabled, true",
        "disabled, enabled,  drained,  true",
        "drained,  enabled,  drained,  true",
        "weight0,  enabled,  disabled, true",
        "disabled, enabled,  weight0,  true",
        "disabled, enabled,  weight5,  false",
        "disabled, disabled, drained,  false",
        "disabled, weight0,  disabled, false",
        "disabled, disabled, enabled,  false"
    })
    void onlyTheLastOneThatReceivesConnectionsCounts(String other, String before, String after, boolean last) {
        List<RealServerConfig> servers = CONFIG.realServers();
        RsState changed = new RsState(servers.getFirst(), List.of()).with(override(before));
        RsState rest = new RsState(servers.getLast(), List.of()).with(override(other));
        VsState server = new VsState(CONFIG, true, List.of(changed, rest));
        assertEquals(last, server.losesLastLive(changed.with(override(after))));
    }

    private static RsOverride override(String word) {
        return switch (word) {
            case "enabled" -> RsOverride.NONE;
            case "disabled" -> RsOverride.NONE.disabled();
            case "drained" -> RsOverride.NONE.drained(Optional.empty());
            default -> RsOverride.NONE.withWeight(Optional.of(Long.parseLong(word.substring("weight".length()))));
        };
    }
}
