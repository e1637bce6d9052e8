package io.lvsd.core.daemon;

import io.lvsd.ipvs.ffm.Libc;
import io.lvsd.ipvs.ffm.Processes;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Signal handlers through {@code sun.misc.Signal} of the module jdk.unsupported, which has no supported counterpart. By
 * reflection, because javac warns about every use and the warning cannot be disabled.
 */
public final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
    /** Signals that would end the process and are ignored, with an alternative. */
    private static final Map<String, String> IGNORED = Map.of(
            "USR2", "lvsd has no VRRP statistics; use 'lvsd status'",
            "ALRM", "",
            "VTALRM", "",
            "PROF", "",
            "XCPU", "",
            "IO", "",
            "PWR", "",
            "STKFLT", "",
            "SYS", "");
    /** {@code SIGRTMIN} and {@code SIGRTMAX} of the C library, signal(7). */
    private static final int FIRST_REAL_TIME = 34;

    private static final int LAST_REAL_TIME = 64;

    private Signals() {}

    /**
     * Ignores every signal that would end the process without need: those with a name with one warning each, the real-time
     * signals, which keepalived uses for VRRP, silently, except the one that the JDK handles. The thread dump of SIGQUIT, which
     * the JVM prints to standard output, is discarded, so that it does not mix with the log: {@code jcmd PID Thread.print}
     * shows it.
     */
    static void ignoreOthers() {
        IGNORED.forEach((name, instead) -> {
            AtomicBoolean reported = new AtomicBoolean();
            handle(name, () -> {
                if (reported.compareAndSet(false, true)) {
                    LoggingEventBuilder line = LOG.atWarn().addKeyValue("signal", name);
                    (instead.isEmpty() ? line : line.addKeyValue("hint", instead)).log("signal.ignored");
                }
            });
        });
        for (int signal = FIRST_REAL_TIME; signal <= LAST_REAL_TIME; signal++) {
            boolean _ = Processes.ignoreSignal(signal);
        }
        int nowhere = Libc.open("/dev/null", Libc.O_RDWR_NONBLOCK_CLOEXEC);
        if (nowhere >= 0) {
            int _ = Libc.dup2(nowhere, 1);
            int _ = Libc.close(nowhere);
        }
    }

    /** Runs {@code action} on a thread of the JVM whenever the signal arrives. */
    public static void handle(String signal, Runnable action) {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            InvocationHandler invocation = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.run();
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
                default -> signal;
            };
            Object handler =
                    Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handlerClass}, invocation);
            signalClass
                    .getMethod("handle", signalClass, handlerClass)
                    .invoke(null, signalClass.getConstructor(String.class).newInstance(signal), handler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java runtime does not support signal handlers", e);
        }
    }
}
