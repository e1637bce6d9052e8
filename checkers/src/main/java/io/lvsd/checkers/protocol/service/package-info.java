/** The protocols of SERVICE_CHECK, one in each file; {@code ServiceProtocols} lists them. */
@NullMarked
package io.lvsd.checkers.protocol.service;

import org.jspecify.annotations.NullMarked;
