/** The control socket: how client commands reach a running daemon. */
package io.lvsd.core.control;
