package io.lvsd.conf.keyword;

import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Builds the statements of a block. */
public final class BlockBuilder {
    private final List<Statement> statements = new ArrayList<>();

    /** Of statements as they are. */
    public static BlockBuilder of(List<Statement> statements) {
        BlockBuilder block = new BlockBuilder();
        block.statements.addAll(statements);
        return block;
    }

    public BlockBuilder put(Keyword<?> keyword, Object... words) {
        statements.add(new Statement(word(keyword.name()), words(words), null));
        return this;
    }

    public BlockBuilder putIf(boolean wanted, Keyword<?> keyword, Object... words) {
        return wanted ? put(keyword, words) : this;
    }

    /** Notes a statement that cannot be written. */
    public BlockBuilder leaveOut(String name) {
        statements.add(new Statement(word(name), List.of(), null, true));
        return this;
    }

    public BlockBuilder put(Keyword<?> keyword, BlockBuilder inside, Object... words) {
        statements.add(new Statement(word(keyword.name()), words(words), inside.statements));
        return this;
    }

    public List<Statement> statements() {
        return List.copyOf(statements);
    }

    /** A word without an origin. */
    public static Word word(String text) {
        return new Word(text, Origin.ofFile(""), true);
    }

    public static List<Word> words(Object... words) {
        return Stream.of(words).map(BlockBuilder::text).map(BlockBuilder::word).toList();
    }

    public static String text(Object value) {
        return switch (value) {
            case Boolean on -> on ? "on" : "off";
            case Duration time -> seconds(time);
            case InetAddress address -> IpAddresses.text(address);
            default -> value.toString();
        };
    }

    public static String seconds(Duration time) {
        BigDecimal seconds = BigDecimal.valueOf(time.getSeconds()).add(BigDecimal.valueOf(time.getNano(), 9));
        return seconds.signum() == 0 ? "0" : seconds.stripTrailingZeros().toPlainString();
    }

    public static String milliseconds(Duration time) {
        return seconds(time.multipliedBy(1_000));
    }

    public static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    public static Object[] address(InetAddress address, int port) {
        return port == 0 ? new Object[] {address} : new Object[] {address, port};
    }
}
