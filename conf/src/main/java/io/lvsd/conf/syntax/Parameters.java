package io.lvsd.conf.syntax;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/** The values of {@code $NAME}: definitions of the file, and predefined ones. Used by one thread. */
final class Parameters {
    private static final int RANDOM_MAX = 32_767;

    private final Map<String, List<String>> defined = new HashMap<>();
    private final String configId;
    private final Function<String, String> environment;
    private Random random;

    /**
     * @param configId what {@code _INSTANCE} and conditional lines mean
     * @param environment the value of a variable of the environment, or empty text
     */
    Parameters(String configId, Function<String, String> environment, long seed) {
        this.configId = configId;
        this.environment = environment;
        this.random = new Random(seed);
    }

    String configId() {
        return configId;
    }

    /** {@code random_seed}: from here on the same numbers every time. */
    void seed(long seed) {
        random = new Random(seed);
    }

    void define(String name, List<String> lines) {
        defined.put(name, List.copyOf(lines));
    }

    /** Sets a value temporarily; returns the previous one, to be restored. */
    Optional<List<String>> lend(String name, String value) {
        return Optional.ofNullable(defined.put(name, List.of(value)));
    }

    void giveBack(String name, Optional<List<String>> lines) {
        lines.ifPresentOrElse(l -> defined.put(name, l), () -> defined.remove(name));
    }

    /**
     * The value of a name.
     *
     * @param words what follows the name within braces
     * @param file the file that is being read
     * @return one line or more; empty if the name is not defined
     */
    Optional<List<String>> value(String name, List<String> words, Path file) {
        List<String> lines = defined.get(name);
        if (lines != null) {
            return Optional.of(lines);
        }
        return switch (name) {
            case "_PWD" -> {
                Path parent = file.toAbsolutePath().getParent();
                yield Optional.of(List.of(parent == null ? "/" : parent.toString()));
            }
            case "_INSTANCE" -> Optional.of(List.of(configId));
            case "_HASH" -> Optional.of(List.of("#"));
            case "_BANG" -> Optional.of(List.of("!"));
            case "_ENV" -> Optional.of(List.of(words.isEmpty() ? "" : environment.apply(words.getFirst())));
            case "_RANDOM" -> random(words).map(List::of);
            default -> Optional.empty();
        };
    }

    /** Whether replacing a parameter by its value would bring it up again, and so without end. */
    boolean holdsItself(String name) {
        List<String> lines = defined.get(name);
        return lines != null
                && lines.stream().anyMatch(l -> l.indexOf('$') >= 0)
                && reaches(name, name, new HashSet<>());
    }

    private boolean reaches(String from, String target, Set<String> seen) {
        for (String line : defined.getOrDefault(from, List.of())) {
            Optional<ParameterUse> use = ParameterUse.find(line, 0);
            while (use.isPresent()) {
                String next = use.get().name();
                if (next.equals(target) || seen.add(next) && reaches(next, target, seen)) {
                    return true;
                }
                use = ParameterUse.find(line, use.get().end());
            }
        }
        return false;
    }

    private Optional<String> random(List<String> words) {
        Inputs.unrepeatable();
        Optional<Long> min = words.isEmpty() ? Optional.of(0L) : number(words.getFirst());
        Optional<Long> max = words.size() < 2 ? Optional.of((long) RANDOM_MAX) : number(words.get(1));
        if (min.isEmpty() || max.isEmpty()) {
            return Optional.empty();
        }
        long top = Math.max(min.get(), max.get());
        return Optional.of("" + (top == min.get() ? top : random.nextLong(min.get(), top + 1)));
    }

    /** A number that is not negative. */
    private static Optional<Long> number(String word) {
        return word.matches("\\d{1,9}") ? Optional.of(Long.valueOf(word)) : Optional.empty();
    }
}
