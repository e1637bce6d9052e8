package io.lvsd.core.host;

import java.util.Optional;

/** The version of lvsd. */
public final class LvsdVersion {
    private LvsdVersion() {}

    /** As in the manifest of the program; {@code development} if it runs without its archive. */
    public static String text() {
        return Optional.ofNullable(LvsdVersion.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
