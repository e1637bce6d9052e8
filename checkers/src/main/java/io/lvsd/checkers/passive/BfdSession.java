package io.lvsd.checkers.passive;

import io.lvsd.conf.value.BfdInstance;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One BFD session: RFC 5880, asynchronous mode, without echo, demand mode or authentication. Times are monotonic
 * nanoseconds, passed in. Used by one thread.
 */
final class BfdSession {
    /** Bytes of a control packet without authentication. */
    static final int LENGTH = 24;

    private static final int VERSION = 1;
    private static final int POLL = 0x20;
    private static final int FINAL = 0x10;
    private static final int AUTHENTICATED = 0x04;
    private static final int DEMAND = 0x02;
    private static final int MULTIPOINT = 0x01;
    private static final long SLOW_MICROS = 1_000_000;

    /** RFC 5880, 4.1. */
    enum State {
        ADMIN_DOWN(0),
        DOWN(1),
        INIT(2),
        UP(3);

        private final int code;

        State(int code) {
            this.code = code;
        }

        static State of(int code) {
            return values()[code & 3];
        }
    }

    private final BfdInstance config;
    private final RandomGenerator random;
    private final int myDiscriminator;
    private State state = State.DOWN;
    private State remoteState = State.DOWN;
    private int yourDiscriminator;
    private int remoteMultiplier;
    private long remoteMinSendMicros;
    private long remoteMinReceiveMicros = 1;
    private boolean receiving;
    private long nextSend;
    private long expires;
    private boolean polling;
    private int diagnostic;

    BfdSession(BfdInstance config, int myDiscriminator, RandomGenerator random, long now) {
        this.config = config;
        this.myDiscriminator = myDiscriminator;
        this.random = random;
        this.nextSend = now;
    }

    BfdInstance config() {
        return config;
    }

    State state() {
        return state;
    }

    int discriminator() {
        return myDiscriminator;
    }

    /** The reason why the session is not up. */
    String reason() {
        return switch (diagnostic) {
            case 1 -> "no packets from the neighbour";
            case 3 -> "the neighbour reports down";
            case 7 -> "the neighbour is administratively down";
            default -> receiving ? "the session is not up yet" : "no packet from the neighbour yet";
        };
    }

    /** When {@link #tick} must be called next. */
    long due() {
        return receiving && expires - nextSend < 0 ? expires : nextSend;
    }

    private static long micros(Duration time) {
        return time.toNanos() / 1_000;
    }

    /** While the session is not up, at most one packet a second is sent. */
    private long minSendMicros() {
        return state == State.UP ? micros(config.minSend()) : Math.max(SLOW_MICROS, micros(config.idleSend()));
    }

    /** The packet to send now, if one is due. */
    Optional<byte[]> tick(long now) {
        if (receiving && now - expires >= 0) {
            receiving = false;
            yourDiscriminator = 0;
            remoteMinReceiveMicros = 1;
            remoteState = State.DOWN;
            if (state != State.DOWN) {
                change(State.DOWN, 1);
            }
        }
        if (now - nextSend < 0) {
            return Optional.empty();
        }
        long interval = Math.max(minSendMicros(), remoteMinReceiveMicros) * 1_000;
        // RFC 5880, 6.8.7: up to a quarter less, and no more than 90 % if one missing packet is too many.
        double max = config.multiplier() == 1 ? 0.9 : 1.0;
        nextSend = now + (long) (interval * (0.75 + random.nextDouble() * (max - 0.75)));
        boolean silent = config.passive() && !receiving || remoteMinReceiveMicros == 0;
        return silent ? Optional.empty() : Optional.of(packet(polling, false));
    }

    private void change(State next, int reason) {
        state = next;
        diagnostic = reason;
        polling = next == State.UP;
    }

    private byte[] packet(boolean poll, boolean last) {
        int flags = state.code << 6 | (poll && !last ? POLL : 0) | (last ? FINAL : 0);
        return ByteBuffer.allocate(LENGTH)
                .put((byte) (VERSION << 5 | diagnostic))
                .put((byte) flags)
                .put((byte) config.multiplier())
                .put((byte) LENGTH)
                .putInt(myDiscriminator)
                .putInt(yourDiscriminator)
                .putInt((int) minSendMicros())
                .putInt((int) micros(config.minReceive()))
                .putInt(0)
                .array();
    }

    /** The discriminator of the receiving session; 0 if the sender does not know it yet; -1 if this is not a valid packet. */
    static long receiver(byte[] bytes) {
        return isValid(bytes) ? ByteBuffer.wrap(bytes).getInt(8) & 0xffff_ffffL : -1;
    }

    /** RFC 5880, 6.8.6, up to the choice of the session. */
    private static boolean isValid(byte[] bytes) {
        if (bytes.length < LENGTH
                || (bytes[0] & 0xff) >>> 5 != VERSION
                || (bytes[3] & 0xff) < LENGTH
                || (bytes[3] & 0xff) > bytes.length
                || bytes[2] == 0
                || (bytes[1] & (MULTIPOINT | AUTHENTICATED)) != 0) {
            return false;
        }
        ByteBuffer packet = ByteBuffer.wrap(bytes);
        State sent = State.of(bytes[1] >>> 6);
        boolean known = packet.getInt(8) != 0 || sent == State.DOWN || sent == State.ADMIN_DOWN;
        return packet.getInt(4) != 0 && known;
    }

    /** A valid packet for this session. Returns the reply if it is a poll. */
    Optional<byte[]> received(byte[] bytes, long now) {
        ByteBuffer packet = ByteBuffer.wrap(bytes);
        int flags = bytes[1];
        yourDiscriminator = packet.getInt(4);
        remoteState = State.of(flags >>> 6);
        remoteMultiplier = bytes[2] & 0xff;
        remoteMinSendMicros = packet.getInt(12) & 0xffff_ffffL;
        remoteMinReceiveMicros = packet.getInt(16) & 0xffff_ffffL;
        if ((flags & FINAL) != 0) {
            polling = false;
        }
        receiving = true;
        State before = state;
        advance();
        long detection = remoteMultiplier * Math.max(micros(config.minReceive()), remoteMinSendMicros) * 1_000;
        expires = now + detection;
        if (state != before) {
            nextSend = now;
        }
        boolean demand = (flags & DEMAND) != 0 && state == State.UP && remoteState == State.UP;
        if (demand && (flags & POLL) == 0) {
            nextSend = now + Duration.ofSeconds(1).toNanos();
        }
        return (flags & POLL) != 0 ? Optional.of(packet(false, true)) : Optional.empty();
    }

    /** RFC 5880, 6.8.6: the state machine. */
    private void advance() {
        if (remoteState == State.ADMIN_DOWN) {
            if (state != State.DOWN) {
                change(State.DOWN, 3);
            }
            diagnostic = 7;
            return;
        }
        switch (state) {
            case DOWN -> {
                if (remoteState == State.DOWN) {
                    change(State.INIT, 0);
                } else if (remoteState == State.INIT) {
                    change(State.UP, 0);
                }
            }
            case INIT -> {
                if (remoteState == State.INIT || remoteState == State.UP) {
                    change(State.UP, 0);
                }
            }
            case UP -> {
                if (remoteState == State.DOWN) {
                    change(State.DOWN, 3);
                }
            }
            case ADMIN_DOWN -> {}
        }
    }
}
