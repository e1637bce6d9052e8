package io.lvsd.conf.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Support;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The document says what the declarations say. */
final class KeywordTableTest {
    private static final Path DOCUMENT = Path.of("KEYWORDS.md");

    @Test
    void theDocumentIsThatOfTheDeclarations() throws IOException {
        String made = KeywordTable.markdown();
        if ("write".equals(System.getProperty("keywords"))) {
            Files.writeString(DOCUMENT, made, StandardCharsets.UTF_8);
        }
        assertEquals(
                made,
                Files.readString(DOCUMENT),
                "make it anew: mvn test -pl conf -Dtest=KeywordTableTest -Dkeywords=write");
    }

    @Test
    void everyKeywordThatIsActedOnSaysWhatItTakesAndDoes() {
        for (Keyword<?> keyword : Language.all()) {
            if (keyword.support() == Support.SUPPORTED) {
                assertFalse(keyword.sentence().isEmpty(), keyword::name);
                assertFalse(keyword.type().form().isEmpty(), keyword::name);
                assertFalse(keyword.defaultText().isEmpty() && !keyword.required(), keyword::name);
            }
        }
    }
}
