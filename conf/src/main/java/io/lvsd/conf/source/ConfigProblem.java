package io.lvsd.conf.source;

/**
 * One problem of a configuration.
 *
 * @param hint what to do about it, or empty
 */
public record ConfigProblem(Severity severity, Origin origin, String text, String hint, Kind kind) {
    public ConfigProblem(Severity severity, Origin origin, String text, String hint) {
        this(severity, origin, text, hint, Kind.ORDINARY);
    }

    /** An error takes effect away from something that was written; a warning does not. */
    public enum Severity {
        ERROR,
        WARNING
    }

    /** What a command needs to know about a problem beyond its text. */
    public enum Kind {
        ORDINARY,
        /** An include does not find, or cannot read, what its directive requires. */
        INCLUDE_CHECK,
        /** Programs run although others than root could change them, or although this is not checked. */
        SCRIPT_SECURITY,
        /** Stands for the problems before it. */
        SUMMARY
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** {@code FILE:LINE:COLUMN: error: text}. */
    public String headline() {
        return origin + ": " + (isError() ? "error" : "warning") + ": " + text;
    }

    /** The headline, the source line with a caret, and the hint. */
    public String render() {
        StringBuilder out = new StringBuilder(headline());
        if (origin.line() > 0) {
            String shown = origin.sourceLine().replace('\t', ' ');
            out.append("\n    ")
                    .append(shown)
                    .append("\n    ")
                    .append(" ".repeat(Math.max(0, origin.column() - 1)))
                    .append('^');
        }
        if (!hint.isEmpty()) {
            out.append("\n    hint: ").append(hint);
        }
        return out.toString();
    }

    /** Equal for two problems that differ only in their line numbers: a reload compares this. */
    public String identity() {
        return severity + " " + origin.file() + " " + text + " "
                + origin.sourceLine().strip();
    }
}
