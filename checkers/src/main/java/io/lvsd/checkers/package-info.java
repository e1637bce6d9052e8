/** Probes: one attempt against one target each, non-blocking, with one deadline. */
package io.lvsd.checkers;
