/** The pure state machine: events in, the next state and effects out. No clock, no I/O, no threads. */
package io.lvsd.core.engine;
