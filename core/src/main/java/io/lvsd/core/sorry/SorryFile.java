package io.lvsd.core.sorry;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.model.LvsdConfig;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.core.host.ScriptValidation;
import io.lvsd.core.plan.SorryContent;
import io.lvsd.sorryserver.SorryService;
import io.lvsd.sorryserver.setup.Content;
import io.lvsd.sorryserver.setup.ListenerSetup;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A configuration file whose page is served without the daemon. Used by one thread at a time. */
public final class SorryFile {
    private static final Logger LOG = LoggerFactory.getLogger(SorryFile.class);
    /** Of the counters. */
    private static final String LABEL = "sorry_page";

    private final Path file;

    public SorryFile(Path file) {
        this.file = file;
    }

    /** A file that cannot be used; the text has the reason and a remedy. */
    public static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1;

        UnusableException(String text) {
            super(text);
        }
    }

    /**
     * Reads the file.
     *
     * @param problems receives the configuration with all its problems
     * @throws UnusableException if it has errors, or names no address
     */
    public List<ListenerSetup> load(Consumer<Loaded> problems) throws UnusableException {
        Loaded loaded = ScriptValidation.validated(
                new ConfigLoader.Source(file, ConfigLoader.nodeName(), Optional.empty()).load());
        problems.accept(loaded);
        if (!loaded.loadable() || loaded.hasErrors()) {
            String errors = loaded.problems().stream()
                    .filter(ConfigProblem::isError)
                    .map(ConfigProblem::text)
                    .collect(Collectors.joining("; "));
            throw new UnusableException(file + " cannot be used: " + errors);
        }
        LvsdConfig config = loaded.config().lvsd();
        if (config.sorryAddresses().isEmpty()) {
            throw new UnusableException(
                    file + " has no 'listen' in the block sorry_page of the lvsd block; add: listen 0.0.0.0:80");
        }
        Content content = SorryContent.of(config.sorryPage());
        return config.sorryAddresses().stream()
                .map(address -> new ListenerSetup(address, LABEL, content))
                .toList();
    }

    /** Reads the file again and serves it. If it cannot be used, the present page remains. */
    public synchronized void reload(SorryService service) {
        try {
            service.apply(load(_ -> {})).forEach((address, failure) -> {
                if (!failure.isEmpty()) {
                    refused(failure);
                }
            });
            LOG.atInfo().addKeyValue("file", file).log("sorry_page.loaded");
        } catch (UnusableException e) {
            refused(e.getMessage());
        }
    }

    private void refused(@org.jspecify.annotations.Nullable String reason) {
        LOG.atError()
                .addKeyValue("file", file)
                .addKeyValue("reason", String.valueOf(reason))
                .addKeyValue("effect", "the present page is still served")
                .log("sorry_page.refused");
    }
}
