package io.lvsd.snmp.agentx;

/** Values of {@code res.error}: those of SNMPv2 (RFC 3416, section 3) and of AgentX (RFC 2741, section 6.2.16). */
enum AgentxError {
    NO_ERROR(0, "noError"),
    TOO_BIG(1, "tooBig"),
    GEN_ERR(5, "genErr"),
    WRONG_TYPE(7, "wrongType"),
    WRONG_VALUE(10, "wrongValue"),
    RESOURCE_UNAVAILABLE(13, "resourceUnavailable"),
    COMMIT_FAILED(14, "commitFailed"),
    UNDO_FAILED(15, "undoFailed"),
    NOT_WRITABLE(17, "notWritable"),
    OPEN_FAILED(256, "openFailed"),
    NOT_OPEN(257, "notOpen"),
    UNSUPPORTED_CONTEXT(262, "unsupportedContext"),
    DUPLICATE_REGISTRATION(263, "duplicateRegistration"),
    UNKNOWN_REGISTRATION(264, "unknownRegistration"),
    PARSE_ERROR(266, "parseError"),
    REQUEST_DENIED(267, "requestDenied"),
    PROCESSING_ERROR(268, "processingError");

    private final int code;
    private final String label;

    AgentxError(int code, String label) {
        this.code = code;
        this.label = label;
    }

    int code() {
        return code;
    }

    /** The name of a value in the RFC, for the log; {@code error N} for other values. */
    static String text(int code) {
        for (AgentxError error : values()) {
            if (error.code == code) {
                return error.label;
            }
        }
        return "error " + code;
    }
}
