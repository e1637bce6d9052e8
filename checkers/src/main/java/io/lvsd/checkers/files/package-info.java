/** Files that the configuration names, read with a limit. */
@NullMarked
package io.lvsd.checkers.files;

import org.jspecify.annotations.NullMarked;
