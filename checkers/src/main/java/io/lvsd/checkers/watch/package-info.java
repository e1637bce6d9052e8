/** Checks that nobody asks, because they speak up by themselves: numbers in files, BFD sessions. */
package io.lvsd.checkers.watch;
