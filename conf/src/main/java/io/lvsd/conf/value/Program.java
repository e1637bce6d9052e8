package io.lvsd.conf.value;

import java.util.List;
import java.util.Optional;

/**
 * A program to run, without a shell.
 *
 * @param argv the program and its arguments, never empty
 * @param user user that it runs as; empty: keepalived_script if the user exists, else the user of lvsd
 */
public record Program(List<String> argv, Optional<RunAs> user) {
    public Program {
        argv = List.copyOf(argv);
    }

    /** With one more argument. */
    public Program with(String argument) {
        List<String> more = new java.util.ArrayList<>(argv);
        more.add(argument);
        return new Program(more, user);
    }
}
