package io.lvsd.lab.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

final class ReportTest {
    private static final Axis AXIS = new Axis(
            "reload",
            "Reload <of> tables",
            "How.",
            "real servers",
            List.of(Target.ratioAtMost("b & c", 0.5, "keepalived"), Target.figure("a", "keepalived")));

    private static final List<String> LINES = """
        # axis: reload
        # date: 2030-01-02T03:04Z
        # measured: guest, emulated: slow
        axis\tcase\tsize\tsubject\tunit\tround\tvalue
        reload\ta\t10\tlvsd\ts\t1\t1.5
        reload\tb & c\t1000\tlvsd\tms\t1\t20
        reload\tb & c\t1000\tkeepalived\tms\t1\t100
        reload\tb & c\t100\tlvsd\tms\t1\t2
        reload\tb & c\t100\tlvsd\tms\t2\t4
        reload\tb & c\t100\tkeepalived\tms\t1\t5
        reload\tb & c\t100\tbefore\tms\t1\t4
        reload\tb & c\t100\tbefore\tms\t2\t8
        reload\tsurprise\t1\tlvsd\tms\t1\t7
        """.lines().toList();

    @Test
    void rowsAreInTheOrderOfTargetsAndSizes() {
        AxisResults results = AxisResults.parse(AXIS, LINES);
        assertEquals(
                List.of("b & c 100", "b & c 1000", "a 10", "surprise 1"),
                results.rows().stream()
                        .map(r -> r.target().what() + " " + r.size())
                        .toList());
        assertEquals("guest, emulated: slow", results.head().get("measured"));
        assertEquals(List.of("lvsd", "before", "keepalived"), results.subjects());
        assertEquals(3, results.rows().getFirst().lvsd().orElseThrow().median());
    }

    @Test
    void aCaseThatIsComparedTwiceHasTwoRowsAndOneCurve() {
        Axis twice = new Axis(
                "reload",
                "Reload",
                "How.",
                "real servers",
                List.of(Target.ratioAtMost("b & c", 0.5, "keepalived"), Target.figure("b & c", "before")));
        AxisResults results = AxisResults.parse(twice, LINES);
        assertEquals(
                List.of("keepalived", "before"),
                results.rows().stream()
                        .filter(r -> r.size() == 100)
                        .flatMap(r -> r.bestPeer().stream())
                        .toList());
        assertEquals(List.of(2, 1, 1), results.cases().stream().map(List::size).toList());
    }

    @Test
    void aLineWithoutAllFieldsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> AxisResults.parse(AXIS, List.of("reload\ta\t1")));
    }

    @Test
    void thePageShowsRatioTargetAndVerdict() {
        String page = Report.page(List.of(AxisResults.parse(AXIS, LINES)));
        assertTrue(
                page.contains(
                        "| case | real servers | unit | lvsd | before | keepalived | ratio to before | compared with |"
                                + " ratio | target | verdict |"),
                page);
        assertTrue(
                page.contains("| b & c | 100 | ms | 3 (2…4) | 6 (4…8) | 5 | 0.50 (equal) | keepalived | 0.60 | ≤ ×0.5 |"
                        + " missed |"),
                page);
        assertTrue(page.contains("| b & c | 1,000 | ms | 20 |  | 100 |  | keepalived | 0.20 | ≤ ×0.5 | met |"), page);
        assertTrue(page.contains("| surprise | 1 | ms | 7 |  |  |  |  |  |  |  |"), page);
        assertTrue(page.contains("| [reload](#reload) | 1 | 1 | 2 |"), page);
    }

    @Test
    void thePlotIsXmlWithCurvesPointsAndLegend() throws Exception {
        String svg = Plot.of(AxisResults.parse(AXIS, LINES));
        Document document = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)));
        assertEquals(
                AXIS.title(), document.getElementsByTagName("title").item(0).getTextContent());
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < document.getElementsByTagName("text").getLength(); i++) {
            texts.add(document.getElementsByTagName("text").item(i).getTextContent());
        }
        assertTrue(
                texts.containsAll(List.of("b & c (ms)", "real servers", "1,000", "lvsd", "before", "keepalived", "a")),
                texts::toString);
        // One for each median of each subject, and one for each subject in the legend.
        assertEquals(7 + 3, document.getElementsByTagName("circle").getLength());
        assertTrue(!svg.contains("NaN") && !svg.contains("Infinity"), svg);
    }

    @Test
    void textIsEscaped() {
        assertEquals("a &lt;b&gt; &amp;amp; &quot;c&quot;", Svg.escape("a <b> &amp; \"c\""));
    }

    @Test
    void numbersHaveThreeDigits() {
        assertEquals("0", Numbers.text(0));
        assertEquals("0.0123", Numbers.text(0.012345));
        assertEquals("1.24", Numbers.text(1.235));
        assertEquals("123", Numbers.text(123.4));
        assertEquals("37,205", Numbers.text(37_205.4));
        assertEquals("20", Numbers.text(20));
    }

    @Test
    void aScaleIsLinearFromZeroOrLogarithmic() {
        Scale linear = Scale.of(2, 10, 0, 105);
        assertEquals(0, linear.position(0));
        assertEquals(100, linear.position(10), 1e-9);
        assertEquals(List.of(0.0, 5.0, 10.0), linear.ticks());
        Scale logarithmic = Scale.of(1, 10_000, 0, 100);
        assertEquals(50, logarithmic.position(100), 1e-9);
        assertEquals(List.of(1.0, 10.0, 100.0, 1_000.0, 10_000.0), logarithmic.ticks());
        assertEquals(0, Scale.of(0, 0, 0, 100).position(0));
    }

    @Test
    void everyAxisAppearsOnceWithEachComparison() {
        Set<String> names = new HashSet<>();
        for (Axis axis : Axes.ALL) {
            assertTrue(names.add(axis.name()), axis.name());
            Set<String> cases = new HashSet<>();
            axis.targets().forEach(t -> assertTrue(cases.add(t.what() + t.peers()), t.what()));
        }
    }
}
