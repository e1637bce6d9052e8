/** The sorry server as a process of its own, and the daemon's side of it. */
@org.jspecify.annotations.NullMarked
package io.lvsd.core.sorry;
