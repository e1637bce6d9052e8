package io.lvsd.checkers.regex;

import io.lvsd.conf.check.regex.RegexEngine;
import io.lvsd.ipvs.ffm.Pcre2;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Validates expressions with libpcre2, the library that executes them. */
public final class Pcre2Engine implements RegexEngine {
    /** {@code regex_options} and the bits of pcre2.h; callouts and offset limits are used by the search itself. */
    private static final Map<String, Integer> BITS = Map.ofEntries(
            Map.entry("allow_empty_class", 0x1),
            Map.entry("alt_bsux", 0x2),
            Map.entry("caseless", 0x8),
            Map.entry("dollar_endonly", 0x10),
            Map.entry("dotall", 0x20),
            Map.entry("dupnames", 0x40),
            Map.entry("extended", 0x80),
            Map.entry("firstline", 0x100),
            Map.entry("match_unset_backref", 0x200),
            Map.entry("multiline", 0x400),
            Map.entry("never_ucp", 0x800),
            Map.entry("never_utf", 0x1000),
            Map.entry("no_auto_capture", 0x2000),
            Map.entry("no_auto_possess", 0x4000),
            Map.entry("no_dotstar_anchor", 0x8000),
            Map.entry("no_start_optimize", 0x1_0000),
            Map.entry("ucp", 0x2_0000),
            Map.entry("ungreedy", 0x4_0000),
            Map.entry("utf", 0x8_0000),
            Map.entry("never_backslash_c", 0x10_0000),
            Map.entry("alt_circumflex", 0x20_0000),
            Map.entry("alt_verbnames", 0x40_0000));

    /** The options as a bit mask of pcre2_compile(3); unknown names have no effect. */
    static int bits(List<String> options) {
        return options.stream().mapToInt(o -> BITS.getOrDefault(o, 0)).reduce(0, (a, b) -> a | b);
    }

    @Override
    public boolean isAvailable() {
        return Pcre2.find().isPresent();
    }

    @Override
    public Optional<String> syntaxError(String expression, List<String> options) {
        return Pcre2.find()
                .orElseThrow()
                .syntaxError(expression.getBytes(StandardCharsets.UTF_8), bits(options))
                .map(e -> e.message() + " (at byte " + e.offset() + ")");
    }
}
