package io.lvsd.conf.load;

import io.lvsd.conf.keyword.MetricsKeywords;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.language.Language;
import io.lvsd.conf.model.MetricsConfig;
import io.lvsd.conf.model.MetricsConfig.OtlpConfig;
import io.lvsd.conf.model.MetricsConfig.StatsdConfig;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.StatsdFlavor;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the block {@code metrics}. */
final class MetricsReader {
    private MetricsReader() {}

    static MetricsConfig read(Statement block, Problems problems) {
        Settings settings = Language.read(Scope.METRICS, ConfigBuilder.blockOf(block), problems);
        MetricsConfig usual = MetricsConfig.DEFAULT;
        return new MetricsConfig(
                settings.isOn(MetricsKeywords.IPVS),
                settings.isOn(MetricsKeywords.PER_CHECK_HISTOGRAM),
                settings.get(MetricsKeywords.MAX_SERIES).orElse(usual.maxSeries()),
                settings.get(MetricsKeywords.STATSD_BLOCK).flatMap(b -> statsd(b, problems)),
                settings.get(MetricsKeywords.OTLP_BLOCK).flatMap(b -> otlp(b, problems)));
    }

    private static Optional<StatsdConfig> statsd(Statement block, Problems problems) {
        Settings settings = Language.read(Scope.STATSD, ConfigBuilder.blockOf(block), problems);
        return settings.required(MetricsKeywords.STATSD_ADDRESS, block, problems)
                .map(server -> new StatsdConfig(
                        server.address(),
                        server.port(),
                        settings.get(MetricsKeywords.STATSD_INTERVAL).orElse(StatsdConfig.INTERVAL),
                        settings.get(MetricsKeywords.STATSD_FLAVOR).orElse(StatsdFlavor.ETSY)));
    }

    private static Optional<OtlpConfig> otlp(Statement block, Problems problems) {
        Settings settings = Language.read(Scope.OTLP, ConfigBuilder.blockOf(block), problems);
        return settings.required(MetricsKeywords.OTLP_URL, block, problems)
                .map(url -> new OtlpConfig(
                        url,
                        settings.get(MetricsKeywords.OTLP_INTERVAL).orElse(OtlpConfig.INTERVAL),
                        settings.get(MetricsKeywords.OTLP_TOKEN).map(Path::of)));
    }
}
