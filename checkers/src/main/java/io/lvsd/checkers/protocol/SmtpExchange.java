package io.lvsd.checkers.protocol;

/** Greeting, HELO, QUIT, RFC 5321. A reply of several lines counts as one. After QUIT, a closed connection counts like 221. */
public final class SmtpExchange extends LineExchange {
    private enum Stage {
        GREETING,
        HELO,
        QUIT
    }

    /** Bytes of a reply line with its end, RFC 5321, 4.5.3.1.5. */
    private static final int MAX_LINE = 512;

    private static final int MAX_LINES = 100;

    private final String heloName;
    private Stage stage = Stage.GREETING;

    public SmtpExchange(String heloName) {
        super(MAX_LINE, MAX_LINES);
        this.heloName = heloName;
    }

    @Override
    protected Action line(String line) {
        if (!line.matches("\\d{3}([ -].*)?")) {
            return Exchange.broken("an SMTP reply code", line);
        }
        if (line.length() > 3 && line.charAt(3) == '-') {
            return new Action.Read();
        }
        String code = line.substring(0, 3);
        return switch (stage) {
            case GREETING -> code.equals("220") ? next(Stage.HELO, "HELO " + heloName) : Exchange.fail("220", line);
            case HELO -> code.equals("250") ? next(Stage.QUIT, "QUIT") : Exchange.fail("250", line);
            case QUIT -> Exchange.pass();
        };
    }

    private Action next(Stage then, String command) {
        stage = then;
        return new Action.Send(bytes(command + "\r\n"));
    }

    @Override
    public Action closed() {
        return stage == Stage.QUIT ? Exchange.pass() : Exchange.broken("connection closed before the reply");
    }
}
