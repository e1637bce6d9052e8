package io.lvsd.conf.syntax;

import java.util.List;

/**
 * A file as a former load read it, for a load that reads only the virtual servers that changed: nothing was reported when it
 * was parsed, no line depends on another one, and every virtual server can be used again.
 *
 * @param statements of the top level; those of virtual servers have empty blocks
 * @param servers number of the statement of each virtual server, in their order
 * @param blocks of the virtual servers, in the same order
 * @param expanded lines that are not empty, for the limits of a load
 * @param work of the expansion in characters, for the limits of a load
 */
public record FormerText(
        String file,
        String text,
        List<Statement> statements,
        List<Integer> servers,
        List<TextBlock> blocks,
        int expanded,
        long work) {
    public FormerText {
        statements = List.copyOf(statements);
        servers = List.copyOf(servers);
        blocks = List.copyOf(blocks);
    }
}
