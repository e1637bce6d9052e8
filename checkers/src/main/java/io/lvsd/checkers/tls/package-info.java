/** Client side of TLS: contexts, PEM files, algorithms, and the reasons of failures. */
@NullMarked
package io.lvsd.checkers.tls;

import org.jspecify.annotations.NullMarked;
