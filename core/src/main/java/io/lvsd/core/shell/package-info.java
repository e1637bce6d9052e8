/** Threads and I/O: carries out what the engine wants, tells it what happened, and decides nothing. */
package io.lvsd.core.shell;
