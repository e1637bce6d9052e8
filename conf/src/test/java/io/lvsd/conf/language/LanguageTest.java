package io.lvsd.conf.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.check.CheckKind;
import io.lvsd.conf.check.CheckKinds;
import io.lvsd.conf.check.WeightFrom;
import io.lvsd.conf.check.http.HttpKeywords;
import io.lvsd.conf.check.probe.ProbeKeywords;
import io.lvsd.conf.check.tls.TlsKeywords;
import io.lvsd.conf.keyword.GlobalKeywords;
import io.lvsd.conf.keyword.HttpServerKeywords;
import io.lvsd.conf.keyword.IgnoredGlobalKeywords;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.LogKeywords;
import io.lvsd.conf.keyword.LvsdKeywords;
import io.lvsd.conf.keyword.MaintenanceKeywords;
import io.lvsd.conf.keyword.MetricsKeywords;
import io.lvsd.conf.keyword.RootKeywords;
import io.lvsd.conf.keyword.ServerKeywords;
import io.lvsd.conf.keyword.SnmpKeywords;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No declaration is missing from the table of keywords, and each is allowed somewhere. */
final class LanguageTest {
    static Stream<Class<?>> declarations() {
        return Stream.concat(
                Stream.of(
                        RootKeywords.class,
                        GlobalKeywords.class,
                        IgnoredGlobalKeywords.class,
                        ServerKeywords.class,
                        LvsdKeywords.class,
                        HttpServerKeywords.class,
                        LogKeywords.class,
                        MaintenanceKeywords.class,
                        MetricsKeywords.class,
                        SnmpKeywords.class,
                        ProbeKeywords.class,
                        TlsKeywords.class,
                        HttpKeywords.class,
                        WeightFrom.class),
                CheckKinds.ALL.stream().map(CheckKind::getClass).distinct());
    }

    @ParameterizedTest
    @MethodSource("declarations")
    void everyDeclarationIsInTheTable(Class<?> declaring) throws IllegalAccessException {
        List<String> missing = new ArrayList<>();
        for (Field field : declaring.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == Keyword.class) {
                field.setAccessible(true);
                if (!Language.all().contains((Keyword<?>) field.get(null))) {
                    missing.add(field.getName());
                }
            }
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void everyKeywordIsAllowedSomewhere() {
        for (Keyword<?> keyword : Language.all()) {
            assertTrue(!Language.KEYWORDS.scopesOf(keyword).isEmpty(), keyword::name);
        }
    }

    @Test
    void everyKindHasItsOwnBlock() {
        List<String> names = CheckKinds.ALL.stream().map(k -> k.block().name()).toList();
        assertEquals(names.stream().distinct().toList(), names);
        names.forEach(name -> assertTrue(Language.KEYWORDS.isCheck(name), name));
    }
}
