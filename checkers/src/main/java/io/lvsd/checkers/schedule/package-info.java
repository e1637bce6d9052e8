/** When probes are due. */
package io.lvsd.checkers.schedule;
