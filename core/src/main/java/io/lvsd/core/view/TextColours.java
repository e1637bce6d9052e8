package io.lvsd.core.view;

/** Colours of a terminal, ECMA-48. */
record TextColours(boolean enabled) {
    private static final String RESET = "\u001b[0m";

    /** With the number of its attribute. */
    enum Colour {
        NONE(0),
        BOLD(1),
        DIM(2),
        RED(31),
        GREEN(32),
        YELLOW(33);

        private final int attribute;

        Colour(int attribute) {
            this.attribute = attribute;
        }
    }

    String of(Colour colour, String text) {
        return enabled && colour != Colour.NONE ? "\u001b[" + colour.attribute + "m" + text + RESET : text;
    }
}
