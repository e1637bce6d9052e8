package io.lvsd.core.cli;

import io.lvsd.core.control.ControlClient;
import io.lvsd.core.model.Words;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A main class for commands that only send one request. It recognizes their usual form and loads few classes; everything
 * else, such as help and wrong usage, is left to {@link Main}.
 */
public final class Client {
    /** The flags of each command, without the run directory and the timeout. */
    private static final Map<String, Set<String>> FLAGS = Map.of(
            "status", Set.of("--json"),
            "table", Set.of("--stats", "--rate", "--save"),
            "reload", Set.of("--force"),
            "disable", Set.of("--force"),
            "enable", Set.of("--force"));

    private Client() {}

    /** A request in its usual form. */
    record Request(Path socket, String text, Duration timeout) {}

    /** See {@link Main#main}. */
    public static void main(String[] arguments) {
        Optional<Request> request = parse(List.of(arguments));
        if (request.isEmpty()) {
            Main.main(arguments);
            return;
        }
        // Ends without waiting for the thread of the deadline, and without hooks: there are none.
        Runtime.getRuntime()
                .halt(DaemonRequests.send(
                        request.get().socket(),
                        request.get().text(),
                        request.get().timeout()));
    }

    /** Empty if this is for {@link Main}. */
    static Optional<Request> parse(List<String> arguments) {
        Set<String> known = arguments.isEmpty() ? null : FLAGS.get(arguments.getFirst());
        if (known == null) {
            return Optional.empty();
        }
        Path socket = DaemonRequests.defaultSocket();
        Duration timeout = arguments.getFirst().equals("reload") ? DaemonRequests.LONG_TIMEOUT : ControlClient.TIMEOUT;
        Set<String> flags = new HashSet<>();
        List<String> operands = new ArrayList<>();
        for (int i = 1; i < arguments.size(); i++) {
            String word = arguments.get(i);
            boolean last = i + 1 == arguments.size();
            if (word.equals("--run-dir") && !last) {
                socket = Path.of(arguments.get(++i)).resolve(DaemonRequests.SOCKET);
            } else if (word.equals("--timeout") && !last && isTimeout(arguments.get(i + 1))) {
                timeout = Duration.ofSeconds(Integer.parseInt(arguments.get(++i)));
            } else if (known.contains(word)) {
                flags.add(word);
            } else if (word.isEmpty() || word.startsWith("-") || word.startsWith("@")) {
                return Optional.empty();
            } else {
                operands.add(word);
            }
        }
        Path where = socket;
        Duration limit = timeout;
        return text(arguments.getFirst(), flags, operands).map(text -> new Request(where, text, limit));
    }

    private static boolean isTimeout(String word) {
        return !word.isEmpty()
                && word.length() <= 4
                && word.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(word) >= 1
                && Integer.parseInt(word) <= TimeoutOption.MAX_SECONDS;
    }

    private static Optional<String> text(String command, Set<String> flags, List<String> operands) {
        boolean server = command.equals("disable") || command.equals("enable");
        if (flags.size() > 1 || operands.size() != (server ? 2 : 0)) {
            return Optional.empty();
        }
        String flag = flags.isEmpty() ? "" : flags.iterator().next().substring(2);
        if (server) {
            return Optional.of(command + " " + Words.word(operands.get(0)) + " " + operands.get(1)
                    + (flag.isEmpty() ? "" : " " + flag));
        }
        return Optional.of(command.equals("table") && flag.isEmpty() ? "table list" : (command + " " + flag).strip());
    }
}
