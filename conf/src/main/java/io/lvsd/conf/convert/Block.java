package io.lvsd.conf.convert;

import static io.lvsd.conf.convert.Converter.word;

import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Statements of a block in the making. */
final class Block {
    private final List<Statement> statements = new ArrayList<>();

    /** Of statements as they are. */
    static Block of(List<Statement> statements) {
        Block block = new Block();
        block.statements.addAll(statements);
        return block;
    }

    Block put(Keyword<?> keyword, Object... words) {
        statements.add(new Statement(word(keyword.name()), words(words), null));
        return this;
    }

    Block putIf(boolean wanted, Keyword<?> keyword, Object... words) {
        return wanted ? put(keyword, words) : this;
    }

    /** Notes a statement that cannot be written. */
    Block leaveOut(String name) {
        statements.add(new Statement(word(name), List.of(), null, true));
        return this;
    }

    Block put(Keyword<?> keyword, Block inside, Object... words) {
        statements.add(new Statement(word(keyword.name()), words(words), inside.statements));
        return this;
    }

    List<Statement> statements() {
        return List.copyOf(statements);
    }

    static List<Word> words(Object... words) {
        return Stream.of(words).map(Block::text).map(Converter::word).toList();
    }

    static String text(Object value) {
        return switch (value) {
            case Boolean on -> on ? "on" : "off";
            case Duration time -> seconds(time);
            case InetAddress address -> IpAddresses.text(address);
            default -> value.toString();
        };
    }

    static String seconds(Duration time) {
        BigDecimal seconds = BigDecimal.valueOf(time.getSeconds()).add(BigDecimal.valueOf(time.getNano(), 9));
        return seconds.signum() == 0 ? "0" : seconds.stripTrailingZeros().toPlainString();
    }

    static String milliseconds(Duration time) {
        return seconds(time.multipliedBy(1_000));
    }

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static Object[] address(InetAddress address, int port) {
        return port == 0 ? new Object[] {address} : new Object[] {address, port};
    }
}
