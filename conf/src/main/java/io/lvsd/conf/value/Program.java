package io.lvsd.conf.value;

import io.lvsd.conf.source.Origin;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A program to run, without a shell.
 *
 * @param argv the program and its arguments, never empty
 * @param user user that it runs as; empty: keepalived_script if the user exists, else the user of lvsd
 * @param origin the line that names it
 */
public record Program(List<String> argv, Optional<RunAs> user, Origin origin) {
    public Program {
        argv = List.copyOf(argv);
    }

    /** A program that no line of a configuration names. */
    public Program(List<String> argv, Optional<RunAs> user) {
        this(argv, user, Origin.ofFile(""));
    }

    /** Two programs are the same wherever their lines are. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Program p && argv.equals(p.argv) && user.equals(p.user);
    }

    @Override
    public int hashCode() {
        return Objects.hash(argv, user);
    }

    /** With one more argument. */
    public Program with(String argument) {
        List<String> more = new java.util.ArrayList<>(argv);
        more.add(argument);
        return new Program(more, user, origin);
    }
}
