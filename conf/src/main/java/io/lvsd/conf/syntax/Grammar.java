package io.lvsd.conf.syntax;

/** What the parser has to know about the keywords of one kind of block: after which of them a brace is expected. */
public interface Grammar {
    /** What a keyword is followed by. */
    enum Form {
        /** Braces, with lines between them. */
        BLOCK,
        /** Words only. */
        LINE,
        /** The keyword is not known here: it may be followed by either. */
        UNKNOWN
    }

    /** A block in which no keyword is known. */
    Grammar ANY = new Grammar() {
        @Override
        public Form form(String keyword) {
            return Form.UNKNOWN;
        }

        @Override
        public Grammar inside(String keyword) {
            return this;
        }
    };

    /** What follows a keyword in this block. */
    Form form(String keyword);

    /** The grammar of the block that a keyword of this block opens. */
    Grammar inside(String keyword);
}
