package io.lvsd.conf.check.regex;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A library that reads PCRE2 expressions itself, found as a service. Without one, expressions are translated for {@link
 * java.util.regex.Pattern}. Implementations are thread-safe.
 */
public interface RegexEngine {
    /** Whether this host has the library. */
    boolean isAvailable();

    /**
     * Why an expression cannot be used: the library's own message and the offset in bytes. Empty if it can.
     *
     * @param options names of {@code regex_options}
     */
    Optional<String> syntaxError(String expression, List<String> options);

    /** The engine of this host; empty if expressions are translated. */
    static Optional<RegexEngine> find() {
        return ServiceLoader.load(RegexEngine.class, RegexEngine.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(RegexEngine::isAvailable)
                .findFirst();
    }
}
