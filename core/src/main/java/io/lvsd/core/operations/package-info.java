/** What operators may do with a running daemon, for the control socket and for HTTP. */
@NullMarked
package io.lvsd.core.operations;

import org.jspecify.annotations.NullMarked;
