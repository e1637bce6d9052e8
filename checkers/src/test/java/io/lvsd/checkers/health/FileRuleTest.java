package io.lvsd.checkers.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.checkers.probe.AgentReply;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.conf.check.FileCheck;
import io.lvsd.conf.model.CheckConfig.Smoothing;
import io.lvsd.conf.value.TrackFile;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What servers say about their own weight: through files, and in words. */
final class FileRuleTest {
    @ParameterizedTest
    @CsvSource({
        "'5\n', 5",
        "' -7 servers', -7",
        "0x10, 16",
        "010, 8",
        "08, 0",
        "+3, 3",
        "'', 0",
        "none, 0",
        "0x, 0",
        "2147483647, 2147483647",
        "-2147483648, -2147483648",
        "2147483648, none",
        "-2147483649, none"
    })
    void numbersAreReadAsCReadsThem(String text, String number) {
        OptionalInt expected = number.equals("none") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(number));
        assertEquals(expected, FileRule.number(text));
    }

    @ParameterizedTest
    @CsvSource({
        "5,           2,  false, 10",
        "5,           2,  true,  -10",
        "-5,          -2, false, 10",
        "0,           1,  false, 0",
        "2147483647,  2,  false, 2147483647",
        "-2147483648, 1,  false, down",
        "2147483647,  -2, false, down",
        "-2147483648, 1,  true,  2147483647",
        "1,           0,  false, down",
        "0,           0,  false, up",
        "0,           0,  true,  down",
        "-1,          0,  true,  up"
    })
    void theNumberTimesTheWeightIsAddedOrTakesTheServerOut(int value, long weight, boolean reverse, String result) {
        TrackFile file = new TrackFile("t", Path.of("/t"), 1, false, OptionalInt.empty(), false);
        ProbeResult outcome = FileRule.result(new FileCheck(file, weight, reverse), value);
        assertEquals(
                result,
                switch (outcome) {
                    case Failed _ -> "down";
                    case Passed(var reply) ->
                        reply.map(w -> String.valueOf(w.weightChange().getAsLong()))
                                .orElse("up");
                    case ProbeResult.Inconclusive _ -> "?";
                });
    }

    @ParameterizedTest
    @CsvSource({
        "75%,                       100, 75,  in",
        "'up 50%',                  100, 50,  in",
        "50,                        7,   4,   in",
        "'drain',                   100, 0,   in",
        "'drain;ready',             100, 100, in",
        "'maint',                   100, 100, out",
        "'maint;ready 10%',         100, 10,  in",
        "'down # too hot',          100, 100, out",
        "'down;75%',                100, 75,  out",
        "'down;75% up',             100, 75,  in",
        "'failed',                  100, 100, out",
        "'stopped',                 100, 100, out",
        "'1%',                      10,  1,   in",
        "'0%',                      10,  0,   in",
        "'200%',                    10,  10,  in"
    })
    void wordsOfAnAgentMoveTheConfiguredWeight(String words, long configured, long weight, String where) {
        AgentWeight share = AgentWeight.FULL;
        for (String line : words.split(";")) {
            share = share.after(AgentReply.parse(line).orElseThrow(), Smoothing.NONE);
        }
        assertEquals(weight, share.of(configured));
        assertEquals(where.equals("out"), share.isOut());
    }

    @ParameterizedTest
    @CsvSource({
        "10, 0,  100, '0% 0% 0%',    '90 80 70'",
        "50, 20, 100, '0% 0%',       '50 20'",
        "100, 0, 150, '300%',        '150'",
        "30, 0,  100, '0% 100% 50%', '70 100 70'"
    })
    void aShareMovesInStepsBetweenFloorAndCeiling(int step, int floor, int ceiling, String words, String shares) {
        AgentWeight share = AgentWeight.FULL;
        StringBuilder seen = new StringBuilder();
        for (String word : words.split(" ")) {
            share = share.after(AgentReply.parse(word).orElseThrow(), new Smoothing(step, floor, ceiling));
            seen.append(seen.isEmpty() ? "" : " ").append(share.percent());
        }
        assertEquals(shares, seen.toString());
    }
}
