package io.lvsd.core.cli;

import io.lvsd.core.control.ControlClient;
import io.lvsd.core.host.LvsdVersion;
import io.lvsd.core.model.PercentEncoding;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A main class for commands that only send one request. It parses their usual form and loads few classes; {@link Main}
 * handles everything else, such as help and usage errors.
 */
public final class Client {
    private static final String DRAIN = "drain";
    private static final int MAX_DIGITS = 9;

    /** The flags of each command, without the run directory and the timeout. */
    private static final Map<String, Set<String>> FLAGS = Map.of(
            "status",
            Set.of("--json"),
            "explain",
            Set.of("--json"),
            "table",
            Set.of("--stats", "--rate", "--save", "--json"),
            "reload",
            Set.of("--force", "--json"),
            "disable",
            Set.of("--force"),
            "enable",
            Set.of("--force"),
            "weight",
            Set.of("--force"),
            "log",
            Set.of(),
            DRAIN,
            Set.of("--force", "--no-wait"));

    private Client() {}

    /** A parsed command. */
    sealed interface Action {
        /** Sends the requests, prints the answers, and returns the exit status. */
        int run() throws InterruptedException;
    }

    /** One request. */
    record Request(Path socket, String text, Duration timeout) implements Action {
        @Override
        public int run() {
            return DaemonRequests.send(socket, text, timeout);
        }
    }

    /** The requests of {@code lvsd drain}. */
    record Draining(Drain drain) implements Action {
        @Override
        public int run() throws InterruptedException {
            return drain.run();
        }
    }

    /** {@code lvsd version}. */
    record Version() implements Action {
        @Override
        @SuppressWarnings("SystemOut")
        public int run() {
            System.out.println(version());
            return ExitStatus.DONE;
        }
    }

    /** See {@link Main#main}. */
    public static void main(String[] arguments) throws InterruptedException {
        Optional<Action> action = parse(List.of(arguments));
        if (action.isEmpty()) {
            Main.main(arguments);
            return;
        }
        // Does not wait for the thread of the deadline. No shutdown hooks exist.
        Runtime.getRuntime().halt(action.get().run());
    }

    /** Name and version, and the version of Java. */
    static String version() {
        return "lvsd " + LvsdVersion.text() + " (Java " + Runtime.version() + ")";
    }

    /** The command; empty if {@link Main} must parse it. */
    static Optional<Action> parse(List<String> arguments) {
        if (arguments.equals(List.of("version"))) {
            return Optional.of(new Version());
        }
        Set<String> known = arguments.isEmpty() ? null : FLAGS.get(arguments.getFirst());
        if (known == null) {
            return Optional.empty();
        }
        String command = arguments.getFirst();
        Path socket = DaemonRequests.defaultSocket();
        Optional<Long> timeout = Optional.empty();
        Set<String> flags = new HashSet<>();
        List<String> operands = new ArrayList<>();
        for (int i = 1; i < arguments.size(); i++) {
            String word = arguments.get(i);
            boolean last = i + 1 == arguments.size();
            if (word.equals("--run-dir") && !last) {
                socket = Path.of(arguments.get(++i)).resolve(DaemonRequests.SOCKET);
            } else if (word.equals("--timeout") && !last && isTimeout(command, arguments.get(i + 1))) {
                timeout = Optional.of(Long.valueOf(arguments.get(++i)));
            } else if (known.contains(word)) {
                flags.add(word);
            } else if (word.isEmpty() || word.startsWith("-") || word.startsWith("@")) {
                return Optional.empty();
            } else {
                operands.add(word);
            }
        }
        return action(command, flags, operands, socket, timeout);
    }

    private static boolean isTimeout(String command, String word) {
        boolean drain = command.equals(DRAIN);
        return !word.isEmpty()
                && word.length() <= MAX_DIGITS
                && word.chars().allMatch(c -> c >= '0' && c <= '9')
                && Long.parseLong(word) >= (drain ? 0 : 1)
                && Long.parseLong(word) <= (drain ? Drain.MAX_SECONDS : TimeoutOption.MAX_SECONDS);
    }

    private static Optional<Action> action(
            String command, Set<String> flags, List<String> operands, Path socket, Optional<Long> timeout) {
        if (command.equals(DRAIN)) {
            return operands.size() != 2
                    ? Optional.empty()
                    : Optional.of(new Draining(new Drain(
                            socket,
                            servers(operands),
                            timeout,
                            flags.contains("--force"),
                            !flags.contains("--no-wait"))));
        }
        Duration limit = timeout.map(Duration::ofSeconds)
                .orElse(command.equals("reload") ? DaemonRequests.LONG_TIMEOUT : ControlClient.TIMEOUT);
        return text(command, flags, operands).map(text -> new Request(socket, text, limit));
    }

    private static String servers(List<String> operands) {
        return PercentEncoding.word(operands.get(0)) + " " + operands.get(1);
    }

    private static Optional<String> explain(Set<String> flags, List<String> operands) {
        return operands.isEmpty() || operands.size() > 2
                ? Optional.empty()
                : Optional.of("explain "
                        + operands.stream().map(PercentEncoding::word).collect(Collectors.joining(" "))
                        + (flags.isEmpty() ? "" : " json"));
    }

    private static Optional<String> text(String command, Set<String> flags, List<String> operands) {
        if (command.equals("explain")) {
            return explain(flags, operands);
        }
        if (command.equals("log")) {
            return log(operands);
        }
        int expected = switch (command) {
            case "disable", "enable" -> 2;
            case "weight" -> 3;
            default -> 0;
        };
        if (flags.size() > (command.equals("reload") ? 2 : 1)
                || operands.size() != expected
                || (command.equals("weight") && !DaemonRequests.isWeight(operands.get(2)))) {
            return Optional.empty();
        }
        String flag = flags.stream().sorted().map(f -> " " + f.substring(2)).collect(Collectors.joining());
        String operand = switch (expected) {
            case 2 -> " " + servers(operands);
            case 3 -> " " + servers(operands) + " " + operands.get(2);
            default -> command.equals("table") && flag.isEmpty() ? " list" : "";
        };
        return Optional.of(
                command.equals("status") && flag.isEmpty()
                        ? DaemonRequests.statusRequest(false)
                        : command + operand + flag);
    }

    private static Optional<String> log(List<String> operands) {
        boolean valid = operands.size() <= 2
                && (operands.isEmpty() || DaemonRequests.isLogLevel(operands.get(0)))
                && (operands.size() < 2 || DaemonRequests.isLogger(operands.get(1)));
        return valid
                ? Optional.of(
                        String.join(" ", "log", String.join(" ", operands)).strip())
                : Optional.empty();
    }
}
