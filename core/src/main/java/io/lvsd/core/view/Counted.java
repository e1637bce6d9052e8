package io.lvsd.core.view;

/** A number with its noun: {@code 1 pass}, {@code 2 passes}. */
public final class Counted {
    private Counted() {}

    /** @param noun in the singular */
    public static String of(long count, String noun) {
        String plural = noun.endsWith("s") ? "es" : "s";
        return count + " " + noun + (count == 1 ? "" : plural);
    }
}
