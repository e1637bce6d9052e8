package io.lvsd.core.daemon;

import java.io.IOException;

/** The first plan on an adopted table would remove more real servers than {@code reload_guard} allows. */
public final class GuardedException extends IOException {
    private static final long serialVersionUID = 1;

    GuardedException(String message) {
        super(message);
    }
}
