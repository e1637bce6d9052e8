package io.lvsd.core.daemon;

import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.ProblemChanges;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** The problems of a configuration in the log: a line for each, and one with their number. */
public final class ProblemLog {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemLog.class);
    /** Lines for one load. */
    private static final int MAX_LINES = 100;

    private ProblemLog() {}

    /** The problems of a start. */
    public static void started(List<ConfigProblem> problems) {
        changed(new ProblemChanges(problems, 0));
    }

    /** The problems of a reload: new ones are listed, and those that the running configuration has too are counted. */
    static void changed(ProblemChanges changes) {
        changes.fresh().stream().limit(MAX_LINES).forEach(ProblemLog::log);
        if (changes.fresh().size() + changes.known() > 0) {
            LOG.atInfo()
                    .addKeyValue("new", changes.fresh().size())
                    .addKeyValue("known", changes.known())
                    .addKeyValue("hint", "'lvsd check' lists all of them")
                    .log("config.problems");
        }
    }

    private static void log(ConfigProblem problem) {
        LoggingEventBuilder line =
                (problem.isError() ? LOG.atError() : LOG.atWarn()).addKeyValue("text", problem.headline());
        (problem.hint().isEmpty() ? line : line.addKeyValue("hint", problem.hint())).log("config.problem");
    }
}
