package io.lvsd.checkers.protocol;

/** Passes as soon as the connection is established. */
public final class ConnectExchange implements Exchange {
    /** It has no state. */
    public static final ConnectExchange INSTANCE = new ConnectExchange();

    private static final Action PASS = Exchange.pass();

    private ConnectExchange() {}

    @Override
    public byte[] opening() {
        return Action.NONE;
    }

    @Override
    public Action connected() {
        return PASS;
    }

    @Override
    public Action received(byte[] bytes) {
        return PASS;
    }
}
