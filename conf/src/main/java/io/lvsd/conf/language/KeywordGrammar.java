package io.lvsd.conf.language;

import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Support;
import io.lvsd.conf.syntax.Grammar;
import java.util.Optional;

/** The grammar of keepalived's syntax, derived from the declarations of the keywords. */
public final class KeywordGrammar implements Grammar {
    /** Of the top level of a file. */
    public static final Grammar ROOT = new KeywordGrammar(Scope.ROOT);

    /** Of a block whose lines are not keywords: none of them opens a block. */
    private static final Grammar LINES = new Grammar() {
        @Override
        public Form form(String keyword) {
            return Form.LINE;
        }

        @Override
        public Grammar inside(String keyword) {
            return this;
        }
    };

    private final Scope scope;

    private KeywordGrammar(Scope scope) {
        this.scope = scope;
    }

    @Override
    public Form form(String keyword) {
        return known(keyword)
                .map(k -> k.type().takesBlock() ? Form.BLOCK : Form.LINE)
                .orElse(Form.UNKNOWN);
    }

    @Override
    public Grammar inside(String keyword) {
        return known(keyword)
                .<Grammar>map(
                        k -> k.type().inside().<Grammar>map(KeywordGrammar::new).orElse(LINES))
                .orElse(ANY);
    }

    /** A keyword whose type is known. */
    private Optional<Keyword<?>> known(String keyword) {
        return Language.find(scope, keyword).filter(k -> k.support() != Support.VRRP_ONLY);
    }
}
