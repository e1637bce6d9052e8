package io.lvsd.checkers.regex;

import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.conf.check.http.Regex;
import io.lvsd.ipvs.ffm.Pcre2;
import io.lvsd.ipvs.ffm.Pcre2.Limits;
import io.lvsd.ipvs.ffm.Pcre2.Match;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Searches a body for an expression: with libpcre2 if it is installed, so that expressions work exactly as in keepalived,
 * else with {@link JavaRegexSearch}. Every search has a limit on its steps. Thread-safe.
 */
public final class RegexSearch {
    /** Bytes at the start of a body that are searched. */
    public static final int MAX_SUBJECT = 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(RegexSearch.class);

    /**
     * Measured by {@code lab/bench regex}: of its expressions that backtrack through 1 MiB until a limit, the slowest took 0.3 s
     * with libpcre2 10.42, on two cores that others used too. Others may take longer.
     */
    private static final Limits LIMITS = new Limits(256_000_000, 10_000_000, 32 * 1024);
    /** Bytes of a body in a message, at most. */
    private static final int EXCERPT = 400;

    /** Searches at once. A native call occupies its thread, so it must not be a carrier of virtual threads. */
    private static final int THREADS = 2;

    private static final ThreadPoolExecutor SEARCHERS = searchers();

    private RegexSearch() {}

    private static ThreadPoolExecutor searchers() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("regex-", 0).daemon().factory());
        Pcre2.find()
                .ifPresentOrElse(
                        pcre2 -> {
                            threads.prestartAllCoreThreads();
                            LOG.atInfo()
                                    .addKeyValue("engine", "libpcre2")
                                    .addKeyValue("version", pcre2.version())
                                    .log("regex.engine");
                        },
                        () -> LOG.atWarn()
                                .addKeyValue("engine", "java")
                                .addKeyValue(
                                        "hint",
                                        "install " + Pcre2.LIBRARY
                                                + ", so that expressions work exactly as in keepalived")
                                .log("regex.engine"));
        return threads;
    }

    /** The failure of a body that does not satisfy an expression; else empty. Blocks, for about a second a search at most. */
    public static Optional<Failed> failure(Regex regex, byte[] body) {
        return Pcre2.find()
                .map(pcre2 -> CompletableFuture.supplyAsync(() -> failure(pcre2, regex, body), SEARCHERS)
                        .join())
                .orElseGet(() -> JavaRegexSearch.failure(regex, body));
    }

    private static Optional<Failed> failure(Pcre2 pcre2, Regex regex, byte[] body) {
        boolean utf = regex.options().contains("utf");
        byte[] text = utf ? withoutCutCharacter(body) : body;
        Match match = new Match.None();
        if (regex.minOffset() <= text.length) {
            int start = (int) regex.minOffset();
            match = pcre2.search(
                    regex.expression().getBytes(StandardCharsets.UTF_8),
                    Pcre2Engine.bits(regex.options()),
                    text,
                    utf ? nextCharacter(text, start) : start,
                    LIMITS);
        }
        return switch (match) {
            case Match.Found(long start, long _) ->
                evaluate(regex, body, regex.maxOffset() == 0 || start < regex.maxOffset());
            case Match.None() -> evaluate(regex, body, false);
            case Match.LimitReached(String limit) ->
                Optional.of(new Failed(Reason.BODY, "expression needs " + limit + " for this body"));
            case Match.Impossible(String reason) -> Optional.of(new Failed(Reason.BODY, reason));
        };
    }

    /** @param body for the message */
    static Optional<Failed> evaluate(Regex regex, byte[] body, boolean found) {
        if (found == regex.wanted()) {
            return Optional.empty();
        }
        String expected = (found ? "a body that does not match " : "a body that matches ") + regex.expression();
        String text = new String(body, 0, Math.min(body.length, EXCERPT), StandardCharsets.UTF_8);
        return Optional.of(
                Failed.mismatch(Reason.BODY, expected, body.length == 0 ? "an empty body" : text.stripLeading()));
    }

    /** The first offset at or after this one that is not within a character. */
    static int nextCharacter(byte[] text, int at) {
        int next = at;
        while (next < text.length && isContinuation(text[next])) {
            next++;
        }
        return next;
    }

    /** A body that is longer than {@link #MAX_SUBJECT} may be cut within a character. */
    static byte[] withoutCutCharacter(byte[] body) {
        if (body.length < MAX_SUBJECT) {
            return body;
        }
        int last = body.length - 1;
        while (last > body.length - 4 && isContinuation(body[last])) {
            last--;
        }
        int length = body[last] >= 0 ? 1 : Integer.numberOfLeadingZeros(~(body[last] << 24));
        return last + length > body.length ? Arrays.copyOf(body, last) : body;
    }

    private static boolean isContinuation(byte b) {
        return (b & 0xC0) == 0x80;
    }
}
