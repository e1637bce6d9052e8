package io.lvsd.conf.value;

/** The syslog facility of the log, in the targets syslog and journal. */
public enum LogFacility {
    DAEMON(3),
    LOCAL0(16),
    LOCAL1(17),
    LOCAL2(18),
    LOCAL3(19),
    LOCAL4(20),
    LOCAL5(21),
    LOCAL6(22),
    LOCAL7(23);

    private final int code;

    LogFacility(int code) {
        this.code = code;
    }

    /** The number of RFC 5424, section 6.2.1. */
    public int code() {
        return code;
    }
}
