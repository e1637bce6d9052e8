package io.lvsd.conf.keyword;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** A kind of block in which keywords are allowed. Each check declares its own. */
public final class Scope implements Place {
    public static final Scope ROOT = new Scope("ROOT", "the top level of the file", Set.of());
    public static final Scope GLOBAL_DEFS = named("global_defs");
    public static final Scope VIRTUAL_SERVER = named("virtual_server");
    public static final Scope REAL_SERVER = named("real_server");
    public static final Scope MAINTENANCE = named("maintenance");
    public static final Scope WEIGHT_FROM = named("weight_from");
    public static final Scope LVSD = named("lvsd");
    public static final Scope WEBHOOK = named("webhook");
    public static final Scope SNMP = named("snmp");
    public static final Scope SNMP_USER = titled("snmp_user", "snmp { user { } }");
    public static final Scope HTTP = named("http");
    public static final Scope LOG = named("log");
    public static final Scope METRICS = named("metrics");
    public static final Scope STATSD = named("statsd");
    public static final Scope OTLP = named("otlp");
    public static final Scope SORRY_PAGE = named("sorry_page");
    public static final Scope SORRY_HOST = titled("sorry_host", "sorry_page { host { } }");

    private final String name;
    private final String title;
    private final Set<Trait> traits;

    private Scope(String name, String title, Set<Trait> traits) {
        this.name = name;
        this.title = title;
        this.traits = Set.copyOf(traits);
    }

    /** The block of one keyword. */
    public static Scope named(String keyword, Trait... traits) {
        return titled(keyword, keyword + " { }", traits);
    }

    /** As {@link #named}, where messages and the documentation need more than the keyword. */
    public static Scope titled(String name, String title, Trait... traits) {
        return new Scope(name.toUpperCase(Locale.ROOT), title, Set.of(traits));
    }

    /** A check whose probes are repeated. */
    public static Scope check(String keyword, Trait... more) {
        return check(keyword, keyword + " { }", more);
    }

    /** As {@link #check(String, Trait...)}, with another name. */
    public static Scope check(String name, String title, Trait... more) {
        Set<Trait> traits = EnumSet.of(Trait.CHECK, Trait.PROBED, Trait.RISE_FALL);
        traits.addAll(Set.of(more));
        return new Scope(name, title, traits);
    }

    /** The block's keyword, as messages and the documentation write it. */
    public String title() {
        return title;
    }

    public boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /** Whether a keyword is allowed here. */
    boolean allows(Keyword<?> keyword) {
        return keyword.places().contains(this) || traits.stream().anyMatch(keyword.places()::contains);
    }

    /** The block's keyword in capitals. */
    @Override
    public String toString() {
        return name;
    }
}
