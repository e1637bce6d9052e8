package io.lvsd.checkers;

import io.netty.handler.ssl.NotSslRecordException;

/** Describes what went wrong on a TLS connection. */
final class TlsFailure {
    private TlsFailure() {}

    /** One sentence for logs and status. */
    static String describe(Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        boolean notTls =
                cause instanceof NotSslRecordException || text.startsWith("Unsupported or unrecognized SSL message");
        return notTls ? "server does not speak TLS" : text;
    }
}
