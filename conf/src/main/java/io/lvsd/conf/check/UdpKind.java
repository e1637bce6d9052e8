package io.lvsd.conf.check;

import io.lvsd.conf.check.probe.CheckContext;
import io.lvsd.conf.keyword.FunctionType;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.NumberTypes;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.keyword.Shape;
import io.lvsd.conf.keyword.TextTypes;
import io.lvsd.conf.keyword.Trait;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** UDP_CHECK: a datagram is answered or, without require_reply, not refused. */
public final class UdpKind implements CheckKind<UdpCheck> {
    static final Scope SCOPE = Scope.check(UdpCheck.KIND, Trait.CONNECTING);

    private static final Keyword<Statement> BLOCK =
            CheckKind.declare(UdpCheck.KIND, SCOPE, "A datagram is answered or, without require_reply, not refused.");
    private static final int MAX_LENGTH = 65_535;
    private static final int DEFAULT_MAX_REPLY = 255;
    /** 32 bytes, as long as keepalived's. */
    private static final String DEFAULT_PAYLOAD =
            HexFormat.of().formatHex("lvsd health check lvsd health ch".getBytes(StandardCharsets.US_ASCII));

    private static final Keyword<String> PAYLOAD =
            Keyword.of("payload", SCOPE, hex("HEX…", "[0-9A-Fa-f]+"), "32 bytes of text", "Content of the datagram.");
    private static final Keyword<String> REQUIRE_REPLY = Keyword.of(
            "require_reply",
            SCOPE,
            hex("[HEX…]", "[0-9A-Fa-fxX]+"),
            "none",
            "Require a reply, and the bytes that it begins with; x matches any digit.");
    private static final Keyword<Long> MIN_REPLY_LENGTH = Keyword.of(
            "min_reply_length", SCOPE, NumberTypes.number(0, MAX_LENGTH), "0", "Minimum length of a reply, in bytes.");
    private static final Keyword<Long> MAX_REPLY_LENGTH = Keyword.of(
            "max_reply_length",
            SCOPE,
            NumberTypes.number(0, MAX_LENGTH),
            "255",
            "Maximum length of a reply, in bytes.");

    @Override
    public Keyword<Statement> block() {
        return BLOCK;
    }

    @Override
    public Class<UdpCheck> spec() {
        return UdpCheck.class;
    }

    @Override
    public List<Scope> scopes() {
        return List.of(SCOPE);
    }

    @Override
    public List<Keyword<?>> keywords() {
        return List.of(PAYLOAD, REQUIRE_REPLY, MIN_REPLY_LENGTH, MAX_REPLY_LENGTH);
    }

    @Override
    public List<CheckDraft> read(Statement block, CheckContext context) {
        Settings settings = context.read(SCOPE, block);
        int min = settings.get(MIN_REPLY_LENGTH).orElse(0L).intValue();
        int max = settings.get(MAX_REPLY_LENGTH).map(Long::intValue).orElse(Math.max(min, DEFAULT_MAX_REPLY));
        if (min > max) {
            context.problems()
                    .error(
                            settings.originOf(MIN_REPLY_LENGTH, block.origin()),
                            "min_reply_length " + min + " is greater than max_reply_length " + max
                                    + ": no reply can pass");
        }
        return context
                .target(settings, block.origin())
                .map(target -> CheckDraft.probed(
                        new UdpCheck(
                                target,
                                settings.get(PAYLOAD).orElse(DEFAULT_PAYLOAD),
                                settings.get(REQUIRE_REPLY),
                                min,
                                max),
                        settings))
                .stream()
                .toList();
    }

    @Override
    public void write(UdpCheck check, CheckOutput output) {
        output.block().put(PAYLOAD, check.payload());
        check.reply().ifPresent(r -> output.block().put(REQUIRE_REPLY, r.isEmpty() ? new Object[0] : new Object[] {r}));
        output.block().put(MIN_REPLY_LENGTH, check.minLength()).put(MAX_REPLY_LENGTH, check.maxLength());
    }

    /** Bytes in hexadecimal; blanks between pairs of digits are allowed. A form in brackets allows no bytes. */
    private static FunctionType<String> hex(String form, String digits) {
        FunctionType<String> type = FunctionType.of(
                form,
                (statement, problems) -> TextTypes.words(
                                statement, form, form.startsWith("[") ? 0 : 1, Integer.MAX_VALUE, problems)
                        .flatMap(words -> hex(words, digits, problems)));
        return type.shaped(Shape.Simple.WORDS);
    }

    private static Optional<String> hex(List<Word> words, String digits, Problems problems) {
        StringBuilder all = new StringBuilder();
        for (Word word : words) {
            for (String part : word.text().strip().split("\\s+")) {
                boolean single = part.length() == 1;
                if (!part.matches(digits) || part.length() % 2 == 1 && !single) {
                    return TextTypes.invalid(word, "bytes", "pairs of hexadecimal digits, such as 0a1b2c", problems);
                }
                all.append(single ? "0" : "").append(part);
            }
        }
        return Optional.of(all.toString());
    }
}
