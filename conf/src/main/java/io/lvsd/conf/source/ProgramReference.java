package io.lvsd.conf.source;

/**
 * A program that a configuration runs: whether it can be run is known only to code that may read the host.
 *
 * @param use what runs it, for messages
 * @param program a path, or a name that is searched for
 * @param check whether its result decides the state of a real server
 */
public record ProgramReference(String use, String program, Origin origin, boolean check) {}
