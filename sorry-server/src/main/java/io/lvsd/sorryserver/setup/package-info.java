/** What a sorry server serves: immutable values without behaviour, which can be sent to another process. */
@org.jspecify.annotations.NullMarked
package io.lvsd.sorryserver.setup;
