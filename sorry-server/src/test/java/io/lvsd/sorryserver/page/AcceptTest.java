package io.lvsd.sorryserver.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AcceptTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|HTML",
                "*/*|HTML",
                "text/html|HTML",
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8|HTML",
                "TEXT/HTML;level=1|HTML",
                "text/*|HTML",
                "application/xhtml+xml|HTML",
                "application/json|JSON",
                "application/json, text/plain, */*|JSON",
                "application/json, text/html|HTML",
                "application/json;q=0.9, text/html;q=0.8|JSON",
                "application/json;q=0.8, text/html;q=0.9|HTML",
                "application/vnd.api+json|JSON",
                "application/problem+json , */*;q=0.1|JSON",
                "application/*|JSON",
                "text/html;q=0, */*|JSON",
                "text/plain|TEXT",
                "text/plain, application/json;q=0.5|TEXT",
                "image/png|TEXT",
                "image/avif,image/webp,*/*;q=0.8|HTML",
                "text/html;q=0|TEXT",
                "text/html; q=0.001, application/json ;q=0.002|JSON",
                "text/html;q=1.000, application/json|HTML",
                "q=0|TEXT",
                ", ,;q=|TEXT",
                "+json|TEXT"
            })
    void theClientGetsWhatItPrefers(String accept, Format expected) {
        assertEquals(expected, Accept.format(accept));
    }
}
