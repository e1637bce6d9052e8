package io.lvsd.checkers;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What a test needs of its host. */
public final class Required {
    private Required() {}

    /** Without it the test is skipped; it fails with {@code -Dlab=required}. */
    public static void that(boolean present, String without) {
        if (!present) {
            assertNotEquals("required", System.getProperty("lab"), without);
        }
        assumeTrue(present, without);
    }
}
