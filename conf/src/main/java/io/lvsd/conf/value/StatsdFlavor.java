package io.lvsd.conf.value;

/** How a StatsD line carries labels. */
public enum StatsdFlavor {
    /** In the name, as plain StatsD has no labels: {@code name.key.value:1|g}. */
    ETSY,
    /** {@code name:1|g|#key:value}. */
    DATADOG,
    /** {@code name,key=value:1|g}. */
    TELEGRAF
}
