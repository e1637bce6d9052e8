package io.lvsd.checkers;

import io.lvsd.checkers.tls.TlsAlgorithms;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Does for all tests of a JVM what the program does first: later, a test that has used TLS would decide about the others. */
public final class TlsBeforeTests implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        TlsAlgorithms.prepare();
    }
}
