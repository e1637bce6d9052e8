package io.lvsd.ipvs.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Regular expressions by libpcre2-8, if this host has it: the library that keepalived uses. Expressions are compiled for
 * each call, which costs a few microseconds and leaves nothing to be released later. Thread-safe. A search blocks its
 * thread, within {@link Limits}.
 */
public final class Pcre2 {
    /** File name of the library; Debian's package is libpcre2-8-0. */
    public static final String LIBRARY = "libpcre2-8.so.0";

    /** {@code PCRE2_AUTO_CALLOUT}, pcre2.h: {@link #count} is called before each item of the expression. */
    private static final int AUTO_CALLOUT = 0x4;

    private static final int CONFIG_VERSION = 11;
    private static final int ERROR_NO_MATCH = -1;
    private static final int ERROR_CALLOUT = -37;
    private static final int ERROR_MATCH_LIMIT = -47;
    private static final int ERROR_NO_MEMORY = -48;
    private static final int ERROR_DEPTH_LIMIT = -53;
    private static final int ERROR_HEAP_LIMIT = -63;
    /** {@code PCRE2_ERROR_UTF8_ERR21} to {@code PCRE2_ERROR_UTF8_ERR1}. */
    private static final int ERROR_FIRST_UTF8 = -23;

    private static final int ERROR_LAST_UTF8 = -3;
    private static final int TEXT = 256;

    /** The cost of one item of an expression, in units of one byte read: a call back into Java. */
    private static final long COST_OF_ITEM = 32;

    /** {@code current_position} in {@code pcre2_callout_block}, on a 64-bit machine. */
    private static final long CURRENT_POSITION = 56;

    private static final AddressLayout CALLOUT_BLOCK = Libc.pointerTo(CURRENT_POSITION + 8);
    /** Two numbers of one search: the cost that is left, and the position at the last call. */
    private static final AddressLayout COUNTER = Libc.pointerTo(16);

    /** Open for the life of the process: the library is never unloaded. */
    private static final Arena LIFE = Arena.ofShared();

    private static final Optional<Pcre2> INSTANCE = Libc.library(LIBRARY, LIFE).map(Pcre2::new);

    private final MethodHandle config;
    private final MethodHandle compile;
    private final MethodHandle codeFree;
    private final MethodHandle errorMessage;
    private final MethodHandle contextCreate;
    private final MethodHandle contextFree;
    private final MethodHandle setMatchLimit;
    private final MethodHandle setHeapLimit;
    private final MethodHandle setCallout;
    private final MethodHandle dataCreate;
    private final MethodHandle dataFree;
    private final MethodHandle match;
    private final MethodHandle ovector;
    private final MemorySegment counting;

    /**
     * Limits of one search.
     *
     * @param cost bytes that may be read, an item of the expression counting as 32; at most a few nanoseconds each
     * @param matchLimit internal calls for one start position, see pcre2_set_match_limit(3)
     * @param heapKib memory for backtracking, in KiB
     */
    public record Limits(long cost, int matchLimit, int heapKib) {}

    /** What a search came to. */
    public sealed interface Match {
        /** Offsets in bytes from the start of the subject; {@code \K} may put the start anywhere. */
        record Found(long start, long end) implements Match {}

        /** The expression does not match. */
        record None() implements Match {}

        /** A limit was reached before the end of the search. */
        record LimitReached(String limit) implements Match {}

        /** The search is not possible, as with a subject that is not valid UTF-8. */
        record Impossible(String reason) implements Match {}
    }

    /**
     * An expression that does not compile.
     *
     * @param message of PCRE2
     * @param offset in bytes, where PCRE2 stopped reading
     */
    public record SyntaxError(String message, long offset) {}

    private Pcre2(SymbolLookup in) {
        config = Libc.function(in, "pcre2_config_8", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
        compile = Libc.function(
                in,
                "pcre2_compile_8",
                FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
        codeFree = Libc.function(in, "pcre2_code_free_8", FunctionDescriptor.ofVoid(ADDRESS));
        errorMessage = Libc.function(
                in, "pcre2_get_error_message_8", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG));
        contextCreate = Libc.function(in, "pcre2_match_context_create_8", FunctionDescriptor.of(ADDRESS, ADDRESS));
        contextFree = Libc.function(in, "pcre2_match_context_free_8", FunctionDescriptor.ofVoid(ADDRESS));
        setMatchLimit =
                Libc.function(in, "pcre2_set_match_limit_8", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        setHeapLimit = Libc.function(in, "pcre2_set_heap_limit_8", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        setCallout =
                Libc.function(in, "pcre2_set_callout_8", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
        dataCreate = Libc.function(in, "pcre2_match_data_create_8", FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS));
        dataFree = Libc.function(in, "pcre2_match_data_free_8", FunctionDescriptor.ofVoid(ADDRESS));
        match = Libc.function(
                in,
                "pcre2_match_8",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS));
        ovector = Libc.function(in, "pcre2_get_ovector_pointer_8", FunctionDescriptor.of(Libc.pointerTo(16), ADDRESS));
        try {
            counting = Libc.callback(
                    MethodHandles.lookup()
                            .findStatic(
                                    Pcre2.class,
                                    "count",
                                    MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class)),
                    FunctionDescriptor.of(JAVA_INT, CALLOUT_BLOCK, COUNTER),
                    LIFE);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Pcre2.count", e);
        }
    }

    /** The library, if this host has it. */
    public static Optional<Pcre2> find() {
        return INSTANCE;
    }

    /**
     * Called by PCRE2 before each item of an expression. An exception here would end the process, so it only counts.
     *
     * @return 0 to go on, or the error that ends the search
     */
    static int count(MemorySegment block, MemorySegment counter) {
        long position = block.get(JAVA_LONG, CURRENT_POSITION);
        long left = counter.get(JAVA_LONG, 0) - COST_OF_ITEM - Math.abs(position - counter.get(JAVA_LONG, 8));
        counter.set(JAVA_LONG, 0, left);
        counter.set(JAVA_LONG, 8, position);
        return left < 0 ? ERROR_CALLOUT : 0;
    }

    /** Version and date of the library, such as {@code 10.42 2022-12-11}. */
    public String version() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(TEXT);
            int _ = (int) config.invokeExact(CONFIG_VERSION, text);
            return text.getString(0, StandardCharsets.US_ASCII);
        } catch (Throwable t) {
            throw new AssertionError("pcre2_config", t);
        }
    }

    /** Why an expression does not compile; empty if it does. */
    public Optional<SyntaxError> syntaxError(byte[] expression, int options) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment error = arena.allocate(JAVA_INT);
            MemorySegment offset = arena.allocate(JAVA_LONG);
            MemorySegment code = compiled(arena, expression, options, error, offset);
            if (code.address() != 0) {
                codeFree.invokeExact(code);
                return Optional.empty();
            }
            return Optional.of(new SyntaxError(message(arena, error.get(JAVA_INT, 0)), offset.get(JAVA_LONG, 0)));
        } catch (Throwable t) {
            throw new AssertionError("pcre2_compile", t);
        }
    }

    /**
     * Searches the whole subject, from a start position on; what lies before it is seen by lookbehinds. The end of the
     * subject is the end of the text: no partial matching.
     *
     * @param options of pcre2_compile(3)
     * @param start in bytes, 0 to the length of the subject
     * @throws IllegalArgumentException if the expression does not compile
     */
    public Match search(byte[] expression, int options, byte[] subject, int start, Limits limits) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment error = arena.allocate(JAVA_INT);
            MemorySegment offset = arena.allocate(JAVA_LONG);
            MemorySegment code = compiled(arena, expression, options | AUTO_CALLOUT, error, offset);
            if (code.address() == 0) {
                throw new IllegalArgumentException(message(arena, error.get(JAVA_INT, 0)));
            }
            MemorySegment context = allocated((MemorySegment) contextCreate.invokeExact(MemorySegment.NULL));
            MemorySegment data = allocated((MemorySegment) dataCreate.invokeExact(1, MemorySegment.NULL));
            try {
                limit(arena, context, limits);
                MemorySegment text = bytes(arena, subject);
                int result = (int) match.invokeExact(code, text, (long) subject.length, (long) start, 0, data, context);
                return outcome(arena, result, data);
            } finally {
                dataFree.invokeExact(data);
                contextFree.invokeExact(context);
                codeFree.invokeExact(code);
            }
        } catch (IllegalArgumentException | OutOfMemoryError e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("pcre2_match", t);
        }
    }

    private static MemorySegment allocated(MemorySegment pointer) {
        if (pointer.address() == 0) {
            throw new OutOfMemoryError("libpcre2: no memory");
        }
        return pointer;
    }

    private void limit(Arena arena, MemorySegment context, Limits limits) throws Throwable {
        int _ = (int) setMatchLimit.invokeExact(context, limits.matchLimit());
        int _ = (int) setHeapLimit.invokeExact(context, limits.heapKib());
        MemorySegment counter = arena.allocate(16, 8);
        counter.set(JAVA_LONG, 0, limits.cost());
        int _ = (int) setCallout.invokeExact(context, counting, counter);
    }

    private Match outcome(Arena arena, int result, MemorySegment data) throws Throwable {
        if (result >= 0) {
            MemorySegment offsets = (MemorySegment) ovector.invokeExact(data);
            return new Match.Found(offsets.get(JAVA_LONG, 0), offsets.get(JAVA_LONG, 8));
        }
        return switch (result) {
            case ERROR_NO_MATCH -> new Match.None();
            case ERROR_CALLOUT, ERROR_MATCH_LIMIT, ERROR_DEPTH_LIMIT -> new Match.LimitReached("too many steps");
            case ERROR_HEAP_LIMIT, ERROR_NO_MEMORY -> new Match.LimitReached("too much memory");
            default ->
                new Match.Impossible(
                        (result >= ERROR_FIRST_UTF8 && result <= ERROR_LAST_UTF8 ? "body is not valid UTF-8: " : "")
                                + message(arena, result));
        };
    }

    private MemorySegment compiled(
            Arena arena, byte[] expression, int options, MemorySegment error, MemorySegment offset) throws Throwable {
        return (MemorySegment) compile.invokeExact(
                bytes(arena, expression), (long) expression.length, options, error, offset, MemorySegment.NULL);
    }

    private static MemorySegment bytes(Arena arena, byte[] bytes) {
        MemorySegment copy = arena.allocate(Math.max(1, bytes.length));
        MemorySegment.copy(bytes, 0, copy, JAVA_BYTE, 0, bytes.length);
        return copy;
    }

    private String message(Arena arena, int error) throws Throwable {
        MemorySegment text = arena.allocate(TEXT);
        int _ = (int) errorMessage.invokeExact(error, text, (long) TEXT);
        return text.getString(0, StandardCharsets.US_ASCII);
    }
}
